import { describe, expect, it } from "vitest";
import type { MaruEvent } from "../../../../../contracts/events.ts";
import type { RuleDefinitionInput } from "../../../../../contracts/rules.ts";
import { canonicalJson } from "../../../../../src/kernel/json.ts";
import { seededRandom } from "../../../../../src/kernel/random.ts";
import type { Output } from "../../../../../src/modules/rules/engine/outputs.ts";
import { MemoryShardStore } from "../../../../../src/modules/rules/engine/shard/memory-shard-store.ts";
import { ruleSet } from "../../../../../src/modules/rules/engine/shard/rule-set.ts";
import { defaultLimits } from "../../../../../src/modules/rules/engine/shard/shard-batch.ts";
import { shardOf } from "../../../../../src/modules/rules/engine/shard/shard-of.rules.ts";
import { stepBatch } from "../../../../../src/modules/rules/engine/shard/step-batch.ts";
import { ruleOf } from "./rule-bench.ts";

const keyed: RuleDefinitionInput = {
  name: "sum",
  key: ["data.host"],
  keyLabels: ["host"],
  trigger: {
    kind: "window",
    window: { kind: "tumbling", sizeMs: 10_000 },
    aggregates: { total: { fn: "sum", over: "data.v" } },
  },
  condition: { kind: "static", of: "total", open: { op: ">", value: 60 } },
};
const unkeyed: RuleDefinitionInput = {
  name: "count",
  trigger: {
    kind: "window",
    window: { kind: "count", size: 7 },
    aggregates: { n: { fn: "count" } },
  },
  condition: { kind: "expression", open: "n >= 7" },
  outcome: "match",
};

const rules = () => [ruleOf(keyed, "sum"), ruleOf(unkeyed, "count")];

function events(count: number): MaruEvent[] {
  const random = seededRandom(11);
  return Array.from({ length: count }, (_, i) => ({
    specversion: "1.0",
    id: `e${i}`,
    source: "/s",
    type: "t",
    time: i * 400,
    tenantid: "t1",
    sourceid: "src",
    ingesttime: i * 400,
    ingestseq: i,
    verified: "none",
    data: { host: `h${Math.floor(random() * 23)}`, v: Math.floor(random() * 40) },
  }));
}

/** What all shards say of the same batches, each output once, in no order. */
function run(count: number): { said: string[]; keys: number[] } {
  const stores = Array.from({ length: count }, () => new MemoryShardStore());
  const said: Output[] = [];
  const all = events(600);
  for (let at = 0; at < all.length; at += 50) {
    const batch = all.slice(at, at + 50);
    for (const [index, store] of stores.entries()) {
      const limits = { ...defaultLimits, place: { index, count } };
      said.push(...stepBatch(store, ruleSet(rules()), batch, (at + 50) * 400, limits).outputs);
    }
  }
  const keys = stores.map((store) =>
    Object.values(store.readShard().rules).reduce((sum, { keys: own }) => sum + own, 0),
  );
  return { said: said.map((output) => canonicalJson(output as never)).sort(), keys };
}

describe("keys that are divided among shards", () => {
  const alone = run(1);

  it("come to the same as on one shard, whatever the number", () => {
    expect(alone.said.length).toBeGreaterThan(100);
    for (const count of [2, 3, 8]) expect(run(count).said).toEqual(alone.said);
  });

  it("live on one shard each, and on all of them", () => {
    const { keys } = run(4);
    expect(keys.reduce((sum, own) => sum + own)).toBe(alone.keys[0]);
    expect(Math.min(...keys)).toBeGreaterThan(0);
  });

  it("are spread evenly, and few move when a shard is added", () => {
    const rule = ruleOf(keyed, "sum");
    const names = Array.from({ length: 8_000 }, (_, i) => `shost-${i}`);
    const before = names.map((name) => shardOf(rule, name, 4));
    const sizes = [0, 1, 2, 3].map((shard) => before.filter((one) => one === shard).length);
    for (const size of sizes) expect(Math.abs(size - 2_000)).toBeLessThan(200);
    const moved = names.filter((name, i) => shardOf(rule, name, 5) !== before[i]);
    expect(moved.length).toBeLessThan(8_000 / 4);
    expect(moved.every((name) => shardOf(rule, name, 5) === 4)).toBe(true);
  });

  it("go together where rules have the same key, and apart by rule where they have none", () => {
    const [a, b] = [ruleOf(keyed, "a"), ruleOf({ ...keyed, name: "other" }, "b")];
    for (let i = 0; i < 50; i++) expect(shardOf(a, `s${i}`, 8)).toBe(shardOf(b, `s${i}`, 8));
    const places = new Set(Array.from({ length: 40 }, (_, i) => shardOf(ruleOf(unkeyed, `l${i}`), "j[]", 8)));
    expect(places.size).toBeGreaterThan(4);
  });
});
