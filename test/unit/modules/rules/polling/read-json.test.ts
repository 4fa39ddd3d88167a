import { describe, expect, it } from "vitest";
import type { Json } from "../../../../../src/kernel/json.ts";
import { readJson } from "../../../../../src/modules/rules/polling/read-json.rules.ts";

const at = Date.parse("2026-11-21T09:00:00Z");
const read = (body: Json, target: object = {}) => readJson(body, { lookbackMs: 300_000, ...target }, at);
const rowsOf = (body: Json, target: object = {}) => {
  const found = read(body, target);
  if (!found.ok) throw new Error(found.detail);
  return found.rows;
};

const hosts = {
  data: [
    { name: "a", zone: "seoul", cpu: { percent: 91.5 }, seenAt: at / 1000 - 10 },
    { name: "b", zone: "busan", cpu: { percent: "12" }, seenAt: at / 1000 - 299 },
    { name: "c/1", zone: "seoul", cpu: { percent: null }, seenAt: at / 1000 - 300 },
  ],
};
const target = { select: "$.data[*]", value: "/cpu/percent", labels: { host: "/name" } };

describe("a JSON document", () => {
  it("is one value by a pointer or a path", () => {
    expect(rowsOf({ queue: { depth: 7 } }, { select: "/queue/depth" })).toEqual([{ labels: {}, value: 7 }]);
    expect(rowsOf({ queue: { depth: 7 } }, { select: "$.queue.depth" })).toEqual([{ labels: {}, value: 7 }]);
    expect(rowsOf(42)).toEqual([{ labels: {}, value: 42 }]);
    expect(rowsOf({ "a/b": { "~": 3 } }, { select: "/a~1b/~0" })).toEqual([{ labels: {}, value: 3 }]);
  });

  it("is one sample an element of a list, with labels from inside it", () => {
    const rows = [
      { labels: { host: "a" }, value: 91.5 },
      { labels: { host: "b" }, value: 12 },
      { labels: { host: "c/1" }, value: null },
    ];
    expect(rowsOf(hosts, target)).toEqual(rows);
    expect(rowsOf(hosts, { ...target, select: "/data" })).toEqual(rows);
    expect(rowsOf(hosts, { ...target, select: "$.data" })).toEqual(rows);
  });

  it("takes filters, slices and descendants of RFC 9535", () => {
    const some = (select: string) => rowsOf(hosts, { ...target, select }).map(({ labels }) => labels.host);
    expect(some("$.data[?@.zone == 'seoul']")).toEqual(["a", "c/1"]);
    expect(some("$.data[?@.cpu.percent > 50 && length(@.name) == 1]")).toEqual(["a"]);
    expect(some("$.data[0:2]")).toEqual(["a", "b"]);
    expect(rowsOf(hosts, { select: "$..percent" }).map(({ value }) => value)).toEqual([91.5, 12, null]);
  });

  it("leaves out elements that are as old as the lookback", () => {
    const rows = rowsOf(hosts, { ...target, timestamp: "/seenAt" });
    expect(rows.map(({ labels }) => labels.host)).toEqual(["a", "b"]);
    const iso = [{ value: 1, at: "2026-11-21T08:55:00.001Z" }];
    expect(rowsOf(iso, { value: "/value", timestamp: "/at" })).toHaveLength(1);
    expect(rowsOf([{ value: 1, at: at - 300_000 }], { value: "/value", timestamp: "/at" })).toEqual([]);
  });

  it("has no value where there is no number, and says so", () => {
    expect(read([{ v: "high" }, { v: true }], { value: "/v", labels: {} })).toEqual({
      ok: true,
      rows: [
        { labels: {}, value: null },
        { labels: {}, value: 1 },
      ],
      warnings: ["Element 0 has no number for a value."],
    });
    expect(read("NaN")).toEqual({ ok: true, rows: [{ labels: {}, value: null }], warnings: [] });
  });

  it("is no data where nothing is found", () => {
    expect(rowsOf({ other: 1 }, { select: "/queue/depth" })).toEqual([]);
    expect(rowsOf({ other: 1 }, { select: "$.queue.depth" })).toEqual([]);
    expect(rowsOf({ data: [] }, target)).toEqual([]);
  });

  it("can't be read where it is deeper than queries go", () => {
    let deep: Json = 1;
    for (let i = 0; i < 200; i++) deep = [deep];
    expect(read(deep, { select: "$..x" })).toMatchObject({ ok: false });
  });
});
