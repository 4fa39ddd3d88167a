import { beforeEach, describe, expect, it } from "vitest";
import { effectSteps } from "../../../../durable-objects/engine/effects-schema.ts";
import { EffectStore } from "../../../../durable-objects/engine/effects-store.ts";
import type { NewEffect } from "../../../../src/modules/rules/actions/effect.ts";
import { nodeSqlStorage } from "../../../support/node-sql-storage.ts";

const hourMs = 3_600_000;
const sent = { state: "sent", detail: "answered 200", jobId: null } as const;
const dead = { state: "dead", detail: "answered 410" } as const;

const effect = (key: string, more: Partial<NewEffect> = {}): NewEffect => ({
  key,
  ruleId: "rul_1",
  lineage: "rul_1.1",
  version: 1,
  projectId: null,
  actionId: "call",
  kind: "http",
  occasion: "match",
  at: 1_000,
  labels: {},
  target: "POST https://x.test",
  delivery: "atLeastOnce",
  reasons: [],
  request: { kind: "rule", type: "maru.rule.match", data: {} },
  ...more,
});

describe("the effects of an engine", () => {
  let store: EffectStore;
  beforeEach(() => {
    store = new EffectStore(nodeSqlStorage(effectSteps));
  });
  const states = () =>
    store.list({ ruleId: "rul_1", limit: 100 }).items.map(({ key, state }) => `${key} ${state}`);

  it("are kept once each, and taken the longest waiting first", () => {
    store.keep(effect("a"), 10);
    store.keep(effect("b"), 5);
    store.keep(effect("a", { version: 2 }), 20);
    expect(states()).toEqual(["b pending", "a pending"]);
    expect(store.claim(20, 100, 1)).toMatchObject({ key: "b", attempt: 1, tries: 1, version: 1 });
    expect(store.claim(20, 100, 1)).toMatchObject({ key: "a" });
    expect(store.claim(20, 100, 1)).toBeUndefined();
    expect(store.nextAt()).toBe(100);
  });

  it("are taken again once their lease ran out, and then only the later attempt counts", () => {
    store.keep(effect("a"), 0);
    const first = store.claim(0, 60, 1);
    const second = store.claim(60, 120, 1);
    if (first === undefined || second === undefined) throw new Error("not taken");
    expect(second).toMatchObject({ attempt: 2, tries: 2 });
    expect(store.settle(first, dead, 1, 61)).toBe(false);
    expect(store.settle(second, sent, 2, 62)).toBe(false);
    expect(store.settle(second, sent, 1, 62)).toBe(true);
    expect(store.counts("rul_1.1")).toMatchObject({ waiting: 0, sent: 1, dead: 0 });
  });

  it("wait for their next try, and begin to count anew when they are asked for again", () => {
    store.keep(effect("a"), 0);
    const first = store.claim(0, 60, 1);
    if (first === undefined) throw new Error("not taken");
    store.settle(first, { state: "retry", at: 500, detail: "answered 503" }, 1, 1);
    expect([store.claim(499, 600, 1), store.nextAt()]).toEqual([undefined, 500]);
    const second = store.claim(500, 600, 1);
    if (second === undefined) throw new Error("not taken");
    store.settle(second, dead, 1, 501);
    expect([store.redrive("rul_2", "a", 600), store.redrive("rul_1", "b", 600)]).toEqual([
      undefined,
      undefined,
    ]);
    expect([store.redrive("rul_1", "a", 600), store.redrive("rul_1", "a", 600)]).toEqual(["dead", "pending"]);
    expect(store.claim(600, 700, 1)).toMatchObject({ attempt: 3, tries: 1 });
    expect(store.counts("rul_1.1")).toMatchObject({ waiting: 1, dead: 1 });
  });

  it("that may happen once only are sent as soon as they are taken", () => {
    store.keep(effect("a", { delivery: "atMostOnce" }), 0);
    const taken = store.claim(0, 60, 1);
    if (taken === undefined) throw new Error("not taken");
    expect([states(), store.claim(1_000, 2_000, 1)]).toEqual([["a sent"], undefined]);
    expect(store.counts("rul_1.1")).toMatchObject({ waiting: 0, sent: 1 });
    store.settle(taken, dead, 1, 10);
    expect(store.counts("rul_1.1")).toMatchObject({ sent: 0, dead: 1 });
  });

  it("that are held back are counted by reason, and a thousand an hour have a row", () => {
    for (let i = 0; i < 1_005; i++) store.keep(effect(`k${i}`, { reasons: ["flapping", "cooldown"] }), 10);
    store.keep(effect("later", { reasons: ["cooldown"] }), hourMs);
    expect(store.counts("rul_1.1")).toMatchObject({
      waiting: 0,
      suppressed: 1_006,
      reasons: { cooldown: 1_006, flapping: 1_005 },
    });
    const seen = new Set<string>();
    for (let before: number | null = Number.MAX_SAFE_INTEGER; before !== null; ) {
      const page = store.list({ ruleId: "rul_1", state: "suppressed", before, limit: 200 });
      for (const { key } of page.items) seen.add(key);
      before = page.before;
    }
    expect([seen.size, seen.has("k999"), seen.has("k1000"), seen.has("later")]).toEqual([
      1_001,
      true,
      false,
      true,
    ]);
  });

  it("are held back once very many wait, and refused when they are too large", () => {
    for (let i = 0; i < 20_001; i++) store.keep(effect(`k${i}`), 10);
    expect(store.counts("rul_1.1")).toMatchObject({
      waiting: 20_000,
      suppressed: 1,
      reasons: { backlog: 1 },
    });
    const large = { kind: "rule", type: "t", data: { text: "x".repeat(300_000) } } as const;
    expect(store.keep(effect("large", { lineage: "rul_1.2", request: large }), 10)).toContain("larger than");
    expect(store.list({ ruleId: "rul_1", state: "dead", limit: 5 }).items).toMatchObject([{ key: "large" }]);
  });

  it("are forgotten long after they are over, never before", () => {
    store.keep(effect("waits"), 0);
    store.keep(effect("held", { reasons: ["cooldown"] }), 0);
    store.keep(effect("later", { reasons: ["cooldown"] }), 100);
    expect(store.sweep(50, 1)).toBe(true);
    expect(store.sweep(50, 1)).toBe(false);
    expect(states().sort()).toEqual(["later suppressed", "waits pending"]);
  });
});
