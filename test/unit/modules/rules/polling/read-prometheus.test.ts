import { describe, expect, it } from "vitest";
import { readPrometheus } from "../../../../../src/modules/rules/polling/read-prometheus.rules.ts";

const at = Date.parse("2026-11-21T09:00:00Z");
const seconds = at / 1000;
const vector = (result: unknown, more: object = {}) => ({
  status: "success",
  data: { resultType: "vector", result },
  ...more,
});
const read = (body: unknown) => readPrometheus(body, at, 300_000);

describe("an answer of Prometheus", () => {
  it("is one sample a series, without the metric's name", () => {
    const body = vector([
      { metric: { __name__: "up", job: "api", instance: "a" }, value: [seconds, "1"] },
      { metric: { __name__: "up", job: "api", instance: "b" }, value: [seconds, "0.5e1"] },
    ]);
    expect(read(body)).toEqual({
      ok: true,
      rows: [
        { labels: { job: "api", instance: "a" }, value: 1 },
        { labels: { job: "api", instance: "b" }, value: 5 },
      ],
      warnings: [],
    });
  });

  it("is present at 299 s and absent at 300 s", () => {
    const rows = (age: number) => {
      const found = read(vector([{ metric: {}, value: [seconds - age, "1"] }]));
      return found.ok ? found.rows.length : -1;
    };
    expect([rows(0), rows(299), rows(299.999), rows(300), rows(301)]).toEqual([1, 1, 1, 0, 0]);
    const scalar = (age: number) =>
      read({ status: "success", data: { resultType: "scalar", result: [seconds - age, "7"] } });
    expect([scalar(299), scalar(300)]).toMatchObject([{ rows: [{ value: 7 }] }, { rows: [] }]);
  });

  it("has no value where it says NaN, and keeps infinities", () => {
    const one = (text: string) => read(vector([{ metric: {}, value: [seconds, text] }]));
    expect(one("NaN")).toMatchObject({ rows: [{ value: null }] });
    expect(one("+Inf")).toMatchObject({ rows: [{ value: Number.POSITIVE_INFINITY }] });
    expect(one("-Inf")).toMatchObject({ rows: [{ value: Number.NEGATIVE_INFINITY }] });
    expect(one("")).toMatchObject({ rows: [{ value: null }] });
  });

  it("keeps warnings and tells of histograms", () => {
    const body = vector([{ metric: { job: "a" }, histogram: [seconds, {}] }], {
      warnings: ["a store was unavailable"],
      infos: ["metric might not be a counter"],
    });
    expect(read(body)).toEqual({
      ok: true,
      rows: [{ labels: { job: "a" }, value: null }],
      warnings: [
        "a store was unavailable",
        "metric might not be a counter",
        "1 series are histograms; they have no value.",
      ],
    });
  });

  it("is no data when the vector is empty", () => {
    expect(read(vector([]))).toEqual({ ok: true, rows: [], warnings: [] });
  });

  it("says why it can't be read", () => {
    const detail = (body: unknown) => {
      const found = read(body);
      return found.ok ? "read" : found.detail;
    };
    expect(detail({ status: "error", errorType: "bad_data", error: "parse error" })).toBe(
      "The query failed: bad_data: parse error",
    );
    expect(detail({ status: "success", data: { resultType: "matrix", result: [] } })).toContain("matrix");
    expect(detail({ up: 1 })).toBe("The answer is not one of Prometheus' query API.");
    expect(detail(vector([{ metric: {}, value: "1" }]))).toContain("series");
    expect(
      detail(vector(Array.from({ length: 10_001 }, () => ({ metric: {}, value: [seconds, "1"] })))),
    ).toBe("There are 10001 series; at most 10000.");
  });
});
