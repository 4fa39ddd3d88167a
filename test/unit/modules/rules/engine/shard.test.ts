import { describe, expect, it } from "vitest";
import { watermarkOf } from "../../../../../src/modules/rules/engine/shard/watermark.rules.ts";
import { eventOf, OneKey, ruleOf, Shard, transitionsOf, windowsOf } from "./rule-bench.ts";

const counted = {
  trigger: {
    kind: "window",
    window: { kind: "tumbling", sizeMs: 10 },
    aggregates: { n: { fn: "count" }, total: { fn: "sum", over: "data.v" } },
  },
  condition: { kind: "expression", open: "n > 100.0" },
} as const;

describe("a watermark", () => {
  const rule = (more: object = {}) => ruleOf({ ...counted, ...more }).definition;

  it("lies a bound and one before the latest time of a source", () => {
    const clocks = { a: { time: 1_000, seenAt: 1_000 } };
    expect(watermarkOf(clocks, rule(), null, 1_000)).toBe(999);
    expect(watermarkOf(clocks, rule({ watermark: { boundMs: 50 } }), null, 1_000)).toBe(949);
  });

  it("waits for the slowest source, until that is idle", () => {
    const clocks = { a: { time: 1_000, seenAt: 1_000 }, b: { time: 400, seenAt: 600 } };
    const idle = rule({ watermark: { idleTimeoutMs: 500 } });
    expect(watermarkOf(clocks, idle, null, 1_099)).toBe(399);
    expect(watermarkOf(clocks, idle, null, 1_100)).toBe(999);
    expect(watermarkOf(clocks, rule({ sources: { sourceIds: ["a"] } }), null, 1_099)).toBe(999);
  });

  it("goes with the clock when all are idle, and never back", () => {
    const clocks = { a: { time: 1_000, seenAt: 1_000 } };
    const idle = rule({ watermark: { idleTimeoutMs: 500, boundMs: 20 } });
    expect(watermarkOf(clocks, idle, null, 5_000)).toBe(4_979);
    clocks.a = { time: 1_200, seenAt: 5_001 };
    expect(watermarkOf(clocks, idle, 4_979, 5_001)).toBe(4_979);
  });

  it("is unknown before there is a source", () => {
    expect(watermarkOf({}, rule(), null, 5_000)).toBe(null);
  });
});

describe("a late event", () => {
  const late = (lateness: object, allowed = 0) =>
    new OneKey({ ...counted, lateness: lateness as { policy: "drop" }, watermark: { boundMs: allowed } });

  it("is left out and told of", () => {
    for (const policy of ["drop", "side"] as const) {
      const key = late({ policy });
      key.event(25, { v: 1 });
      key.advance(21);
      const said = key.event(21, { v: 1 });
      expect(said).toMatchObject([{ kind: "late", policy, used: false, watermark: 21 }]);
      key.event(22, { v: 1 });
      key.advance(29);
      expect(windowsOf(key.outputs).map(({ values }) => values.n)).toEqual([2]);
    }
  });

  it("still counts in a window that has not ended", () => {
    const key = late({ policy: "update", allowedMs: 0 });
    key.event(25, { v: 1 });
    key.advance(21);
    expect(key.event(21, { v: 1 })).toMatchObject([{ kind: "late", used: true }]);
    expect(key.event(19, { v: 1 })).toMatchObject([{ kind: "late", used: false }]);
    key.advance(29);
    expect(windowsOf(key.outputs).map(({ values }) => values.n)).toEqual([2]);
  });

  it("corrects a window as long as that is allowed: while end − 1 + L is after the watermark", () => {
    const key = late({ policy: "update", allowedMs: 10 });
    key.event(5, { v: 1 });
    key.advance(9);
    key.advance(18);
    key.event(6, { v: 10 });
    expect(windowsOf(key.outputs).map(({ end, revision, values }) => [end, revision, values.total])).toEqual([
      [10, 0, 1],
      [10, 1, 11],
    ]);
    key.advance(19);
    expect(key.event(7, { v: 10 })).toMatchObject([{ kind: "late", used: false }]);
    expect(key.state.window).toMatchObject({ panes: [] });
  });

  it("corrects every sliding window that holds it", () => {
    const key = new OneKey({
      ...counted,
      trigger: { ...counted.trigger, window: { kind: "sliding", sizeMs: 20, slideMs: 10 } },
      lateness: { policy: "update", allowedMs: 100 },
    });
    key.event(5, { v: 1 });
    key.event(35, { v: 2 });
    key.advance(34);
    key.event(12, { v: 4 });
    const all = windowsOf(key.outputs).map(({ start, revision, values }) => [start, revision, values.total]);
    expect(all).toEqual([
      [-10, 0, 1],
      [0, 0, 1],
      [0, 1, 5],
      [10, 0, 4],
    ]);
  });

  it("corrects the alert where the outcome is another, and says nothing where it is not", () => {
    const key = new OneKey({
      ...counted,
      condition: { kind: "expression", open: "total > 10.0", close: "total < 5.0" },
      lateness: { policy: "update", allowedMs: 1_000 },
      actions: [{ id: "tell", kind: "notify", on: ["firing", "resolved"] }],
    });
    key.event(1, { v: 3 });
    key.event(11, { v: 7 });
    key.event(21, { v: 6 });
    key.advance(29);
    expect(key.status).toBe("normal");
    // The first window was above 10, so the alert opened there and never closed.
    const said = key.event(2, { v: 9 });
    expect(transitionsOf(said)).toEqual(["10 normal>firing"]);
    expect(key.status).toBe("firing");
    // More of the same changes nothing.
    expect(transitionsOf(key.event(3, { v: 9 }))).toEqual([]);
    // The last window falls below 5: it closes.
    expect(transitionsOf(key.event(22, { v: -2 }))).toEqual(["30 firing>normal"]);
    const told = key.outputs.filter((output) => output.kind === "effect").map(({ occasion }) => occasion);
    expect(told).toEqual(["firing", "resolved"]);
  });

  it("keeps nothing to correct once that is no longer allowed", () => {
    const key = late({ policy: "update", allowedMs: 20 });
    for (let at = 1; at < 100; at += 10) {
      key.event(at, { v: 1 });
      key.advance(at + 8);
    }
    key.advance(1_000);
    expect(key.state.log).toBe(undefined);
    expect(key.state.window).toMatchObject({ panes: [], fired: [] });
  });
});

describe("a shard", () => {
  const rule = () =>
    ruleOf({
      ...counted,
      key: ["data.host"],
      keyLabels: ["host"],
      condition: { kind: "expression", open: "n >= 2.0" },
    });

  it("keeps keys apart and lets time pass for all", () => {
    const shard = new Shard(rule());
    shard.batch([eventOf(1, { host: "a" }), eventOf(2, { host: "b" }), eventOf(3, { host: "a" })], 3);
    shard.batch([eventOf(19, { host: "c" })], 20);
    expect(transitionsOf(shard.outputs)).toEqual(["10 normal>firing"]);
    expect(shard.outputs.find(({ kind }) => kind === "transition")).toMatchObject({
      key: ["a"],
      labels: { host: "a" },
    });
  });

  it("leaves out events without a key, or groups them", () => {
    const shard = new Shard(rule(), ruleOf({ ...rule().definition, nullKey: "group" }, "rl_2"));
    shard.batch([eventOf(1, { host: null }), eventOf(2, {}), eventOf(3, { host: "a" })], 3);
    const { rules } = shard.store.readShard();
    expect(rules.rl_1).toMatchObject({ keys: 1, counters: { nullKeys: 2, events: 1 } });
    expect(rules.rl_2).toMatchObject({ keys: 2, counters: { nullKeys: 0, events: 3 } });
  });

  it("takes the events of a batch in the order of time, sequence and arrival", () => {
    const order = ruleOf({
      trigger: { kind: "filter", value: "data.v" },
      condition: { kind: "static", of: "value", open: { op: ">", value: 5 } },
    });
    const events = [
      eventOf(2, { v: 1 }, { sequence: "b", ingestseq: 1 }),
      eventOf(2, { v: 9 }, { sequence: "a", ingestseq: 2 }),
      eventOf(1, { v: 1 }, { ingestseq: 3 }),
      eventOf(2, { v: 9 }, { sequence: "b", ingestseq: 0 }),
    ];
    const shard = new Shard(order);
    shard.batch(events, 2);
    expect(transitionsOf(shard.outputs)).toEqual(["2 normal>firing", "2 firing>normal"]);
  });

  it("takes an event once, for as long as each rule says", () => {
    const twice = ruleOf({ ...counted, dedupeTtlMs: 1_000, watermark: { boundMs: 100_000 } });
    const long = ruleOf({ ...counted, dedupeTtlMs: 10_000, watermark: { boundMs: 100_000 } }, "rl_2");
    const shard = new Shard(twice, long);
    const event = eventOf(1, { v: 1 });
    shard.batch([event], 1);
    shard.batch([{ ...event, ingesttime: 1_000 }], 1_000);
    shard.batch([{ ...event, ingesttime: 1_001 }], 1_001);
    const { rules } = shard.store.readShard();
    expect(rules.rl_1?.counters).toMatchObject({ events: 2, duplicates: 1 });
    expect(rules.rl_2?.counters).toMatchObject({ events: 1, duplicates: 2 });
    shard.batch(
      [
        { ...event, id: "other" },
        { ...event, source: "/elsewhere" },
      ],
      1_001,
    );
    expect(shard.store.readShard().rules.rl_2?.counters).toMatchObject({ events: 3, duplicates: 2 });
  });

  it("refuses new keys beyond the limit where everybody sees it, and never drops one", () => {
    const shard = new Shard(ruleOf({ ...rule().definition, maxKeys: 2, ttlMs: 1_000 }));
    shard.batch(
      ["a", "b", "c", "d", "a"].map((host, i) => eventOf(i, { host })),
      5,
    );
    const { rules } = shard.store.readShard();
    expect(rules.rl_1).toMatchObject({ keys: 2, degraded: true, counters: { refusedKeys: 2 } });
    expect(shard.outputs.filter((output) => output.kind === "health")).toMatchObject([
      { code: "keysRefused", key: ["c"] },
    ]);
    shard.batch([], 100_000);
    shard.batch([], 200_000);
    expect(shard.store.readShard().rules.rl_1).toMatchObject({ keys: 0, degraded: false });
    shard.batch([eventOf(200_001, { host: "e" })], 200_001);
    expect(shard.store.size().keys).toBe(1);
  });

  it("keeps a key whose alert is open, however long nothing comes", () => {
    const open = ruleOf({
      key: ["data.host"],
      trigger: { kind: "filter" },
      condition: { kind: "expression", open: "data.v == 1.0" },
      ttlMs: 1_000,
    });
    const shard = new Shard(open);
    shard.batch([eventOf(0, { host: "a", v: 1 }), eventOf(0, { host: "b", v: 0 })], 0);
    for (let now = 1_000; now < 10_000; now += 500) shard.batch([], now);
    expect(shard.store.size().keys).toBe(1);
    expect(shard.store.readKey("rl_1", "sa")?.instances[""]?.status).toBe("firing");
  });

  it("lets absent sources pass the time, and says when to come again", () => {
    const shard = new Shard(ruleOf({ ...rule().definition, watermark: { boundMs: 5, idleTimeoutMs: 100 } }));
    shard.batch([eventOf(1, { host: "a" }), eventOf(2, { host: "a" })], 50);
    // The last instant of the window is 9; the source falls silent at 102.
    expect(shard.wakeAt).toBe(102);
    shard.batch([], 101);
    expect(transitionsOf(shard.outputs)).toEqual([]);
    shard.batch([], 102);
    expect(transitionsOf(shard.outputs)).toEqual(["10 normal>firing", "20 firing>normal"]);
  });

  it("goes by the time of arrival where the rule says so, and then nothing is late", () => {
    const own = ruleOf({ ...rule().definition, time: "processing" });
    const shard = new Shard(own);
    shard.batch(
      [eventOf(5_000, { host: "a" }, { ingesttime: 1 }), eventOf(0, { host: "a" }, { ingesttime: 2 })],
      3,
    );
    expect(shard.wakeAt).toBe(10);
    shard.batch([], 10);
    expect(transitionsOf(shard.outputs)).toEqual(["10 normal>firing"]);
    shard.batch([eventOf(0, { host: "a" }, { ingesttime: 4 })], 12);
    expect(shard.outputs.some(({ kind }) => kind === "late")).toBe(false);
  });

  it("lets only events through that the rule listens to", () => {
    const only = ruleOf({
      trigger: { kind: "filter" },
      condition: { kind: "expression", open: "true" },
      outcome: "match",
      sources: { types: ["login.*", "logout"], sourceIds: ["src_1"], where: "data.v > 1.0" },
    });
    const shard = new Shard(only);
    const sent = [
      eventOf(1, { v: 2 }, { type: "login.ok" }),
      eventOf(2, { v: 2 }, { type: "logout.now" }),
      eventOf(3, { v: 2 }, { type: "logout" }),
      eventOf(4, { v: 2 }, { type: "logout", sourceid: "src_2" }),
      eventOf(5, { v: 1 }, { type: "logout" }),
      eventOf(6, {}, { type: "logout" }),
    ];
    shard.batch(sent, 6);
    expect(shard.outputs.map(({ at }) => at)).toEqual([1, 3]);
    expect(shard.store.size().keys).toBe(0);
  });

  it("runs many timers in several steps", () => {
    const shard = new Shard(rule());
    shard.batch(
      Array.from({ length: 2_500 }, (_, i) => eventOf(1, { host: `h${i}` })),
      1,
    );
    shard.batch([eventOf(50, { host: "x" })], 50);
    expect(shard.wakeAt).toBe(50);
    let steps = 0;
    while (shard.wakeAt === 50 && steps < 10) {
      shard.batch([], 50);
      steps += 1;
    }
    expect(steps).toBe(2);
    expect(windowsOf(shard.outputs)).toHaveLength(2_500);
  });
});

describe("a pattern rule", () => {
  const failures = () =>
    ruleOf({
      key: ["data.user"],
      keyLabels: ["user"],
      trigger: {
        kind: "pattern",
        pattern: {
          steps: [
            { kind: "event", var: "fails", where: "event.type == 'login.failed'", times: 3 },
            {
              kind: "event",
              var: "success",
              where: "event.type == 'login.ok' && data.ip == fails[0].data.ip",
            },
          ],
          withinMs: 600_000,
        },
      },
      outcome: "match",
      annotations: { summary: "{{ labels.user }} from {{ match.success[0].event.data.ip }}" },
      watermark: { boundMs: 100 },
    });

  it("takes events in order of time whatever order they come in, and names those that matched", () => {
    const shard = new Shard(failures());
    const at = (time: number, type: string, id: string, ip = "1.1.1.1") =>
      eventOf(time, { user: "kim", ip }, { type, id });
    shard.batch([at(1_030, "login.failed", "c"), at(1_010, "login.failed", "a")], 1_030);
    shard.batch([at(1_050, "login.ok", "d"), at(1_020, "login.failed", "b")], 1_050);
    expect(shard.outputs).toEqual([]);
    shard.batch([at(1_300, "other", "e")], 1_300);
    expect(shard.outputs).toMatchObject([
      {
        kind: "match",
        key: ["kim"],
        at: 1_050,
        cause: { by: "events", events: [{ id: "a" }, { id: "b" }, { id: "c" }, { id: "d" }] },
        annotations: { summary: "kim from 1.1.1.1" },
      },
    ]);
  });

  it("may be an alert that ends some time after its last match", () => {
    const rule = ruleOf({ ...failures().definition, outcome: "alert", resolveAfterMs: 5_000, watermark: {} });
    const shard = new Shard(rule);
    for (const [i, type] of ["login.failed", "login.failed", "login.failed", "login.ok"].entries()) {
      shard.batch([eventOf(1_000 + i, { user: "kim", ip: "1" }, { type })], 1_000 + i);
    }
    shard.batch([eventOf(20_000, { user: "lee", ip: "1" })], 20_000);
    expect(transitionsOf(shard.outputs)).toEqual(["1003 normal>firing", "6003 firing>normal"]);
  });

  it("matches an absence when the time has passed without the event", () => {
    const rule = ruleOf({
      key: ["data.job"],
      trigger: {
        kind: "pattern",
        pattern: {
          steps: [
            { kind: "event", var: "start", where: "event.type == 'started'" },
            { kind: "not", var: "end", where: "event.type == 'finished'", contiguity: "notFollowedBy" },
          ],
          withinMs: 1_000,
        },
      },
      outcome: "match",
      watermark: { idleTimeoutMs: 100 },
    });
    const shard = new Shard(rule);
    shard.batch(
      [eventOf(0, { job: "a" }, { type: "started" }), eventOf(1, { job: "b" }, { type: "started" })],
      1,
    );
    shard.batch([eventOf(500, { job: "b" }, { type: "finished" })], 500);
    shard.batch([], 3_000);
    expect(shard.outputs.map(({ key, at }) => [key, at])).toEqual([[["a"], 1_000]]);
  });
});
