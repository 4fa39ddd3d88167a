import { describe, expect, it } from "vitest";
import type { MetricShape } from "../../../../src/kernel/series.ts";
import { metricCatalogue } from "../../../../src/modules/observability/catalogue.ts";
import { writeExposition } from "../../../../src/modules/observability/exposition.rules.ts";
import { memoryMeter } from "../../../../src/platform/meter/memory-meter.ts";

const shapes: readonly MetricShape[] = [
  { name: "maru_a_total", type: "counter", help: "A \\ back\nslash.", labels: ["tenant_id", "x"] },
  { name: "maru_b_seconds", type: "histogram", help: "B.", labels: ["x"], buckets: [0.5, 1, 10] },
  { name: "maru_c", type: "gauge", help: "C.", labels: ["x"], partition: "tenant_id" },
  { name: "maru_d_total", type: "counter", help: "D.", labels: [] },
];

describe("the text format", () => {
  it("writes counters with help, type and escaped labels", () => {
    const meter = memoryMeter(shapes);
    meter.count("maru_a_total", { tenant_id: "t", x: 'q"\\\n가' }, 2);
    meter.count("maru_a_total", { tenant_id: "t", x: "a" });
    expect(writeExposition(shapes, meter.all(), { prefix: "maru" })).toBe(
      [
        "# HELP maru_a_total A \\\\ back\\nslash.",
        "# TYPE maru_a_total counter",
        'maru_a_total{tenant_id="t",x="a"} 1',
        'maru_a_total{tenant_id="t",x="q\\"\\\\\\n가"} 2',
        "",
      ].join("\n"),
    );
  });

  it("writes histograms with cumulative buckets, the infinite one, sum and count", () => {
    const meter = memoryMeter(shapes);
    for (const value of [0.1, 0.5, 0.50001, 10, 11]) meter.observe("maru_b_seconds", value, { x: "y" });
    const text = writeExposition(shapes, meter.all(), { prefix: "maru" });
    expect(text.split("\n").slice(2, -1)).toEqual([
      'maru_b_seconds_bucket{x="y",le="0.5"} 2',
      'maru_b_seconds_bucket{x="y",le="1"} 3',
      'maru_b_seconds_bucket{x="y",le="10"} 4',
      'maru_b_seconds_bucket{x="y",le="+Inf"} 5',
      `maru_b_seconds_sum{x="y"} ${0.1 + 0.5 + 0.50001 + 10 + 11}`,
      'maru_b_seconds_count{x="y"} 5',
    ]);
  });

  it("adds up shards, takes the latest of gauges, and sums away what tenants report apart", () => {
    const shard = (at: number, value: number) => {
      const meter = memoryMeter(shapes, () => at);
      meter.count("maru_d_total", {}, value);
      meter.observe("maru_b_seconds", value, { x: "y" });
      meter.gauge("maru_c", value, { x: "q", tenant_id: "t1" });
      return meter.all();
    };
    const other = memoryMeter(shapes);
    other.gauge("maru_c", 100, { x: "q", tenant_id: "t2" });
    const text = writeExposition(shapes, [...shard(2, 5), ...shard(1, 7), ...other.all()], {
      prefix: "maru",
    });
    expect(text).toContain("maru_d_total 12\n");
    expect(text).toContain('maru_b_seconds_count{x="y"} 2\n');
    expect(text).toContain('maru_b_seconds_sum{x="y"} 12\n');
    expect(text).toContain('maru_c{x="q"} 105\n');
  });

  it("shows a tenant what carries its label only", () => {
    const meter = memoryMeter(shapes);
    for (const tenant_id of ["t1", "t2"]) {
      meter.count("maru_a_total", { tenant_id, x: "y" });
      meter.gauge("maru_c", 1, { tenant_id, x: "y" });
    }
    meter.count("maru_d_total");
    const text = writeExposition(shapes, meter.all(), { prefix: "maru", tenantId: "t1" });
    expect(text.split("\n").filter((line) => line && !line.startsWith("#"))).toEqual([
      'maru_a_total{tenant_id="t1",x="y"} 1',
      'maru_c{x="y"} 1',
    ]);
  });

  it("serves the same under another prefix", () => {
    const meter = memoryMeter(shapes);
    meter.count("maru_d_total");
    expect(writeExposition(shapes, meter.all(), { prefix: "evalvault" })).toContain(
      "\nevalvault_d_total 1\n",
    );
  });
});

describe("the catalogue", () => {
  it("declares each metric once, under names and labels that Prometheus accepts", () => {
    const names = metricCatalogue.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, type, labels, buckets, help } of metricCatalogue) {
      expect(name).toMatch(/^maru_[a-z][a-z0-9_]*$/);
      expect(name.endsWith("_total")).toBe(type === "counter");
      for (const label of labels) expect(label).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(labels).not.toContain("le");
      expect(help).toMatch(/\.$/);
      if (type === "histogram") {
        expect(buckets?.length).toBeGreaterThan(0);
        expect(buckets).toEqual([...(buckets ?? [])].sort((a, b) => a - b));
      } else expect(buckets).toBeUndefined();
    }
  });

  it("measures runs from one second to ten minutes", () => {
    const shape = metricCatalogue.find(({ name }) => name === "maru_run_duration_seconds");
    expect(shape?.buckets).toEqual([1, 5, 10, 30, 60, 120, 300, 600]);
    expect(shape?.labels).toEqual(["tenant_id", "profile"]);
  });
});
