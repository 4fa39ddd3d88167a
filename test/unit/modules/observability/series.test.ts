import { describe, expect, it } from "vitest";
import { type MetricShape, otherLabel, SeriesMap } from "../../../../src/kernel/series.ts";
import { metricCatalogue } from "../../../../src/modules/observability/catalogue.ts";
import { recordRequest } from "../../../../src/modules/observability/record-request.ts";
import { memoryMeter } from "../../../../src/platform/meter/memory-meter.ts";
import { recorder } from "../../../../src/platform/meter/recorder.ts";

const shapes: readonly MetricShape[] = [
  { name: "maru_a_total", type: "counter", help: "A.", labels: ["x"] },
  { name: "maru_c", type: "gauge", help: "C.", labels: ["x"] },
];

describe("series", () => {
  it("stay bounded: what comes beyond the limit is counted under one label", () => {
    const map = new SeriesMap(shapes, 3);
    for (let i = 0; i < 100; i++) map.add({ name: "maru_a_total", labels: [`v${i}`], value: 1 });
    map.add({ name: "maru_a_total", labels: ["v0"], value: 1 });
    const all = map.all();
    expect(all).toHaveLength(4);
    expect(all.find(({ labels }) => labels[0] === otherLabel)?.value).toBe(97);
    expect(all.reduce((sum, { value }) => sum + value, 0)).toBe(101);
  });

  it("drop a gauge that has no room rather than mix it with others", () => {
    const map = new SeriesMap(shapes, 1);
    expect(map.add({ name: "maru_c", labels: ["a"], value: 1, at: 1 })).toBeDefined();
    expect(map.add({ name: "maru_c", labels: ["b"], value: 2, at: 2 })).toBeUndefined();
    expect(map.all()).toHaveLength(1);
  });

  it("are empty after they were taken", () => {
    const map = new SeriesMap(shapes, 1);
    map.add({ name: "maru_a_total", labels: ["a"], value: 1 });
    expect(map.take()).toHaveLength(1);
    expect(map.take()).toEqual([]);
    map.add({ name: "maru_a_total", labels: ["b"], value: 1 });
    expect(map.all()).toEqual([{ name: "maru_a_total", labels: ["b"], value: 1 }]);
  });
});

describe("a recorder", () => {
  it("refuses what isn't declared and lets the caller go on", () => {
    const refused: string[] = [];
    const gathered = recorder(
      shapes,
      () => 0,
      (name, reason) => refused.push(`${name}: ${reason}`),
    );
    gathered.count("maru_unknown_total");
    gathered.count("maru_c");
    gathered.count("maru_a_total", { y: "1" });
    gathered.count("maru_a_total", { x: "1" }, Number.NaN);
    gathered.count("maru_a_total", { x: "1" }, -1);
    expect(refused).toEqual([
      "maru_unknown_total: it is not declared",
      "maru_c: it is a gauge",
      'maru_a_total: it has no label "y"',
      "maru_a_total: the value or the number of series is out of bounds",
      "maru_a_total: the value or the number of series is out of bounds",
    ]);
    expect(gathered.all()).toEqual([]);
  });
});

it("counts a request under labels that callers can't invent", () => {
  const meter = memoryMeter(metricCatalogue);
  recordRequest(meter, { method: "BREW", status: 404, seconds: 0.002 });
  recordRequest(meter, { method: "GET", route: "/v1/runs/{id}", status: 200, seconds: 3 });
  expect(meter.all().map(({ name, labels }) => [name, ...labels])).toEqual([
    ["maru_http_requests_total", "OTHER", "unmatched", "404"],
    ["maru_http_request_duration_seconds", "OTHER", "unmatched"],
    ["maru_http_requests_total", "GET", "/v1/runs/{id}", "200"],
    ["maru_http_request_duration_seconds", "GET", "/v1/runs/{id}"],
  ]);
});
