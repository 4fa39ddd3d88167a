import { describe, expect, it } from "vitest";
import { MetricTarget } from "../../../../../contracts/rule-metrics.ts";
import { metricProblems } from "../../../../../src/modules/rules/polling/check-metric.rules.ts";

const problemsOf = (more: object) =>
  metricProblems(MetricTarget.parse({ url: "https://metrics.example.com/cpu", format: "json", ...more })).map(
    ({ pointer, code }) => `${pointer} ${code}`,
  );
const prometheus = { format: "prometheus", query: "up" };

describe("how a metric is polled", () => {
  it("is fine as people write it", () => {
    expect(
      problemsOf({ select: "$.items[*]", value: "/v", labels: { host: "/h" }, timestamp: "/at" }),
    ).toEqual([]);
    expect(problemsOf({ ...prometheus, intervalMs: 60_000, timeoutMs: 30_000 })).toEqual([]);
    expect(
      problemsOf({ secretName: "api", headers: { "X-Api-Key": "{{secret}}", "X-Team": "ops" } }),
    ).toEqual([]);
    expect(problemsOf({ method: "POST", body: "{}" })).toEqual([]);
  });

  it("holds no credentials", () => {
    expect(problemsOf({ url: "https://ops:pw@metrics.example.com/" })).toEqual(["/url credentials"]);
    expect(problemsOf({ headers: { Authorization: "Bearer abc" } })).toEqual([
      "/headers/Authorization credentials",
    ]);
    expect(problemsOf({ headers: { Authorization: "Basic {{secret}}" } })).toEqual([
      "/headers/Authorization secret_missing",
    ]);
  });

  it("has headers of HTTP that are its own", () => {
    expect(problemsOf({ headers: { "a b": "x" } })).toEqual(["/headers/a b header"]);
    expect(problemsOf({ headers: { x: "a\r\nHost: evil" } })).toEqual(["/headers/x header"]);
    expect(problemsOf({ headers: { Host: "internal" } })).toEqual(["/headers/Host header"]);
  });

  it("waits for half the interval at most", () => {
    expect(problemsOf({ intervalMs: 10_000, timeoutMs: 5_001 })).toEqual(["/timeoutMs too_big"]);
  });

  it("says what the format reads", () => {
    expect(problemsOf({ format: "prometheus" })).toEqual(["/query required"]);
    expect(problemsOf({ ...prometheus, select: "/x", labels: {} })).toEqual([
      "/select not_allowed",
      "/labels not_allowed",
    ]);
    expect(problemsOf({ query: "up", body: "x", value: "v", select: "items" })).toEqual([
      "/query not_allowed",
      "/body not_allowed",
      "/select path",
      "/value pointer",
    ]);
    expect(problemsOf({ url: "ftp://x.example.com/" })).toEqual(["/url scheme"]);
  });

  it("has a query that walks the document once, without regular expressions", () => {
    for (const select of [
      "$..a..b",
      "$[?$[?@.x]]",
      "$[?@[?@.x]]",
      "$[?match(@.name, '(a+)+')]",
      "$[?search(@.name, 'a')]",
      "$[?count($.*) > 1]",
      "$[",
    ])
      expect(problemsOf({ select }), select).toEqual(["/select path"]);
    expect(problemsOf({ select: "$['..']['?']['$']" })).toEqual([]);
  });
});
