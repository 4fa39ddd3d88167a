import { describe, expect, it } from "vitest";
import { MetricTarget } from "../../../../../contracts/rule-metrics.ts";
import { pollRequest, targetKey } from "../../../../../src/modules/rules/polling/poll-request.rules.ts";

const at = Date.parse("2026-11-21T09:00:00.500Z");
const metric = (more: object) =>
  MetricTarget.parse({
    url: "https://metrics.example.com/prom/",
    format: "prometheus",
    query: 'up{job="a"}',
    ...more,
  });

describe("the request of a poll", () => {
  it("asks Prometheus for the instant of the poll", () => {
    const { method, url, headers } = pollRequest(metric({}), at, "t0ken");
    const { origin, pathname, searchParams } = new URL(url);
    expect([method, origin + pathname]).toEqual(["GET", "https://metrics.example.com/prom/api/v1/query"]);
    expect(Object.fromEntries(searchParams)).toEqual({ query: 'up{job="a"}', time: String(at / 1000) });
    expect(headers).toEqual({ accept: "application/json", authorization: "Bearer t0ken" });
  });

  it("keeps a query address that is whole, and posts a form where the author says so", () => {
    const whole = pollRequest(metric({ url: "https://m.example.com/api/v1/query?tenant=a" }), at, undefined);
    expect(whole.url).toContain("https://m.example.com/api/v1/query?tenant=a&query=up");
    const posted = pollRequest(metric({ method: "POST" }), at, undefined);
    expect(posted).toMatchObject({
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ query: 'up{job="a"}', time: String(at / 1000) }).toString(),
    });
  });

  it("puts the secret where the headers say", () => {
    const json = { format: "json", query: undefined, headers: { "X-Api-Key": "key {{secret}}" } };
    expect(pollRequest(metric(json), at, "s3cret").headers).toEqual({
      accept: "application/json",
      "x-api-key": "key s3cret",
    });
  });

  it("is the same target when the request is", () => {
    const keys = [{}, { timeoutMs: 500 }, { query: "down" }, { method: "POST" }].map((more) =>
      targetKey(metric(more)),
    );
    expect(new Set(keys).size).toBe(3);
  });
});
