import { describe, expect, it } from "vitest";
import type { RuleDefinitionInput } from "../../../../../contracts/rules.ts";
import { flappingLevel } from "../../../../../src/modules/rules/engine/instances/flapping.rules.ts";
import { newInstance } from "../../../../../src/modules/rules/engine/instances/instance.ts";
import { ruleStatus } from "../../../../../src/modules/rules/engine/instances/machine.rules.ts";
import { restorePending } from "../../../../../src/modules/rules/engine/instances/restore.rules.ts";
import { OneKey, ruleOf, transitionsOf } from "./rule-bench.ts";

/** Polls say how things stand at their instants: what Prometheus' evaluations do. */
function polled(definition: Partial<RuleDefinitionInput> = {}) {
  const key = new OneKey({
    trigger: { kind: "metric", metric: { intervalMs: 60_000, url: "https://x.test", format: "json" } },
    condition: { kind: "static", of: "value", open: { op: ">", value: 0 } },
    ...definition,
  });
  const poll = (at: number, ...values: (number | null)[]) =>
    key.feed({
      kind: "samples",
      at: at * 60_000,
      rows: values.map((value, i) => ({ labels: { series: String(i) }, value })),
    });
  const status = (series = 0) =>
    Object.values(key.state.instances).find(({ labels }) => labels.series === String(series))?.status ??
    "normal";
  return { key, poll, status };
}

const minutes = (n: number) => n * 60_000;

describe("an alert instance", () => {
  it("fires at once when it need not hold", () => {
    const { key, poll } = polled();
    poll(0, 1);
    expect(transitionsOf(key.outputs)).toEqual(["0 normal>firing"]);
  });

  it("misses a series that vanished while nothing was wrong, where missing data is an alert", () => {
    const { key, poll, status } = polled({ noData: { use: "alert", afterMs: minutes(2) } });
    poll(0, 0, 0);
    poll(1, 0);
    expect(status(1)).toBe("normal");
    poll(3, 0);
    expect([status(0), status(1)]).toEqual(["normal", "firing"]);
    expect(transitionsOf(key.outputs)).toEqual([`${minutes(3)} normal>firing`]);
  });

  it("ends with its series, once that was missing for the rule's time to live", () => {
    const { key, poll, status } = polled({ ttlMs: minutes(10) });
    poll(0, 1, 1);
    poll(1, 1);
    poll(10, 1);
    expect(status(1)).toBe("firing");
    poll(11, 1);
    expect(status(0)).toBe("firing");
    expect(Object.values(key.state.instances)).toHaveLength(1);
    expect(key.outputs.at(-1)).toMatchObject({ kind: "transition", to: "normal", reason: "expired" });
  });

  it("fires at the first evaluation at which it has held long enough", () => {
    const { poll, status } = polled({ forMs: minutes(5) });
    poll(0, 1);
    expect(status()).toBe("pending");
    poll(4, 1);
    expect(status()).toBe("pending");
    poll(5, 1);
    expect(status()).toBe("firing");
    poll(6, 0);
    expect(status()).toBe("normal");
    poll(7, 1);
    expect(status()).toBe("pending");
  });

  it("that is pending goes back at once, even when firing ones are kept (prom-03)", () => {
    const { poll, status } = polled({ forMs: minutes(5), keepFiringMs: minutes(10) });
    poll(0, 1);
    poll(1, 0);
    expect(status()).toBe("normal");
  });

  it("is kept firing for a time, and firing again meanwhile is nothing new", () => {
    const { key, poll, status } = polled({ keepFiringMs: minutes(5) });
    poll(0, 1);
    poll(1, 0);
    expect(status()).toBe("recovering");
    poll(5, 0);
    expect(status()).toBe("recovering");
    poll(5.5, 1);
    expect(status()).toBe("firing");
    poll(6, 0);
    poll(10.9, 0);
    expect(status()).toBe("recovering");
    poll(11, 0);
    expect(status()).toBe("normal");
    expect(transitionsOf(key.outputs).map((text) => text.split(" ")[1])).toEqual([
      "normal>firing",
      "firing>recovering",
      "recovering>firing",
      "firing>recovering",
      "recovering>normal",
    ]);
  });

  it("is pending again when it must hold longer than it has (prom-04)", () => {
    const { key, poll, status } = polled({ forMs: minutes(2) });
    poll(0, 1);
    poll(2, 1);
    expect(status()).toBe("firing");
    const longer = ruleOf({ ...key.rule.definition, forMs: minutes(10) });
    const rows = [{ labels: { series: "0" }, value: 1 }];
    key.feed({ kind: "edited", at: minutes(3) }, longer);
    key.feed({ kind: "samples", at: minutes(3), rows }, longer);
    expect(status()).toBe("pending");
    key.feed({ kind: "samples", at: minutes(10), rows }, longer);
    expect(status()).toBe("firing");
  });

  it("is worth as much as the worst of its rule (prom-05)", () => {
    expect(ruleStatus([])).toBe("normal");
    expect(ruleStatus(["normal", "pending"])).toBe("pending");
    expect(ruleStatus(["pending", "firing", "normal"])).toBe("firing");
    expect(ruleStatus(["pending", "recovering"])).toBe("firing");
  });

  it("is one too many beyond the limit: the whole evaluation is an error (prom-06)", () => {
    const { key, poll } = polled({ limit: 2 });
    poll(0, 1, 1);
    expect(key.outputs.filter(({ kind }) => kind === "health")).toEqual([]);
    const said = poll(1, 1, 1, 1);
    expect(said.map(({ kind }) => kind)).not.toContain("transition");
    expect(said).toMatchObject([{ kind: "health", code: "limitExceeded" }, {}, {}]);
    expect(Object.values(key.state.instances).map(({ status }) => status)).toEqual(["firing", "firing"]);
    const none = polled({ limit: 0 });
    none.poll(0, 1, 1, 1);
    expect(transitionsOf(none.key.outputs)).toHaveLength(3);
  });

  it("is an error when two results come to the same labels (prom-07)", () => {
    const { key } = polled({ labels: { series: "same" } });
    const rows = [
      { labels: { series: "0" }, value: 1 },
      { labels: { series: "1" }, value: 1 },
    ];
    key.feed({ kind: "samples", at: 0, rows });
    expect(key.outputs[0]).toMatchObject({ kind: "health", code: "duplicateLabels" });
    expect(transitionsOf(key.outputs)).toEqual([]);
  });
});

describe("after an outage without data (prom-08)", () => {
  const outage = { downAt: minutes(20), upAt: minutes(30), toleranceMs: minutes(60), graceMs: minutes(10) };
  const restored = (activeAt: number, forMs: number, more: object = {}) => {
    const instance = { ...newInstance({}, 0), status: "pending" as const, activeAt };
    restorePending(instance, forMs, { ...outage, ...more });
    return instance.activeAt;
  };

  it("one that had held long enough keeps its start", () => {
    expect(restored(minutes(0), minutes(15))).toBe(minutes(0));
  });

  it("one that was nearly there waits for the grace", () => {
    // 5 minutes were left; it fires 10 minutes after the start.
    expect(restored(minutes(5), minutes(20))).toBe(minutes(30 + 10 - 20));
  });

  it("one that had long to go is moved by the outage", () => {
    expect(restored(minutes(15), minutes(30))).toBe(minutes(25));
  });

  it("one whose time is shorter than the grace, or after a longer outage, begins anew", () => {
    expect(restored(minutes(15), minutes(9))).toBe(minutes(30));
    expect(restored(minutes(15), minutes(30), { toleranceMs: minutes(9) })).toBe(minutes(30));
  });
});

describe("time alone", () => {
  const held = (definition: Partial<RuleDefinitionInput> = {}) =>
    new OneKey({
      trigger: { kind: "filter", value: "data.v" },
      condition: { kind: "static", of: "value", open: { op: ">", value: 80 }, close: { op: "<", value: 70 } },
      ...definition,
    });

  it("lets what an event said fire, and what it ended resolve", () => {
    const key = held({ forMs: 100, keepFiringMs: 50 });
    key.event(1_000, { v: 90 });
    expect([key.status, key.due]).toEqual(["pending", 1_100]);
    key.advance(1_099);
    expect(key.status).toBe("pending");
    key.advance(1_100);
    expect(key.status).toBe("firing");
    key.event(1_200, { v: 60 });
    expect([key.status, key.due]).toEqual(["recovering", 1_250]);
    key.advance(1_250);
    expect(transitionsOf(key.outputs)).toEqual([
      "1000 normal>pending",
      "1100 pending>firing",
      "1200 firing>recovering",
      "1250 recovering>normal",
    ]);
  });

  it("is taken into account before a later event, whether the watermark came or not", () => {
    const key = held({ forMs: 100 });
    key.event(1_000, { v: 90 });
    key.event(1_500, { v: 60 });
    expect(transitionsOf(key.outputs)).toEqual([
      "1000 normal>pending",
      "1100 pending>firing",
      "1500 firing>normal",
    ]);
    const at = held({ forMs: 100 });
    at.event(1_000, { v: 90 });
    at.event(1_100, { v: 60 });
    expect(transitionsOf(at.outputs)).toEqual(["1000 normal>pending", "1100 pending>normal"]);
  });

  it("an event from before what is known changes nothing", () => {
    const key = held();
    key.event(1_000, { v: 60 });
    expect(key.event(900, { v: 90 })).toMatchObject([{ kind: "late", used: false }]);
    expect(key.status).toBe("normal");
    expect(key.state.trace.at(-1)?.guard).toBe("stale");
  });

  describe("and limits with two sides", () => {
    it("keep it open while the closing limit is not passed", () => {
      const key = held();
      for (const [at, v] of [
        [1, 80],
        [2, 81],
        [3, 75],
        [4, 70],
        [5, 69],
        [6, 75],
      ] as const)
        key.event(at, { v });
      expect(transitionsOf(key.outputs)).toEqual(["2 normal>firing", "5 firing>normal"]);
    });

    it("follow the operators as written", () => {
      const key = held({
        condition: {
          kind: "static",
          of: "value",
          open: { op: ">=", value: 80 },
          close: { op: "<=", value: 70 },
        },
      });
      for (const [at, v] of [
        [1, 79.9],
        [2, 80],
        [3, 70.1],
        [4, 70],
      ] as const)
        key.event(at, { v });
      expect(transitionsOf(key.outputs)).toEqual(["2 normal>firing", "4 firing>normal"]);
    });
  });
});

describe("what is unknown", () => {
  const watched = (definition: Partial<RuleDefinitionInput> = {}) =>
    new OneKey({
      trigger: { kind: "filter" },
      condition: { kind: "expression", open: "data.v > 1.0" },
      ...definition,
    });

  it("neither opens nor closes", () => {
    const key = watched();
    key.event(1, {});
    expect(key.status).toBe("normal");
    key.event(2, { v: 5 });
    key.event(3, {});
    expect(key.status).toBe("firing");
    expect(key.state.instances[""]?.verdict).toBe("unknown");
  });

  it("stops the clock of a pending alert", () => {
    const key = watched({ forMs: 100 });
    key.event(1_000, { v: 5 });
    key.event(1_040, {});
    expect(key.due).toBe(null);
    key.event(1_500, { v: 5 });
    expect(key.due).toBe(1_560);
    key.advance(1_560);
    expect(transitionsOf(key.outputs)).toEqual(["1000 normal>pending", "1560 pending>firing"]);
  });

  it("is an error when the expression goes wrong, and is said once", () => {
    const key = watched();
    key.event(1, { v: "text" });
    key.event(2, { v: "text" });
    expect(key.outputs).toMatchObject([{ kind: "health", code: "evaluationFailed" }]);
    expect(key.state.instances[""]?.verdict).toBe("error");
  });

  it("may count as an alert, after a time, through its own holding time", () => {
    const key = watched({ noData: { use: "alert", afterMs: 50 }, forMs: 30 });
    key.event(1_000, { v: 0 });
    expect(key.due).toBe(1_050);
    key.advance(1_049);
    expect(key.status).toBe("normal");
    key.advance(1_100);
    expect(transitionsOf(key.outputs)).toEqual(["1050 normal>pending", "1080 pending>firing"]);
    expect(key.outputs.at(-1)).toMatchObject({ reason: "noData" });
    key.event(1_200, { v: 0 });
    expect(key.status).toBe("normal");
  });

  it("may count as normal", () => {
    const key = watched({ noData: { use: "normal", afterMs: 50 } });
    key.event(1_000, { v: 5 });
    key.advance(1_050);
    expect(transitionsOf(key.outputs)).toEqual(["1000 normal>firing", "1050 firing>normal"]);
  });

  it("may leave everything as it is", () => {
    const key = watched({ noData: { use: "keepLast", afterMs: 50 } });
    key.event(1_000, { v: 5 });
    key.advance(100_000);
    expect([key.status, key.due]).toEqual(["firing", null]);
  });

  it("may be an alert of its own beside the other", () => {
    const key = watched({ noData: { use: "ownAlert", afterMs: 50 } });
    key.event(1_000, { v: 5 });
    key.advance(1_050);
    const own = key.outputs.at(-1);
    expect(own).toMatchObject({ to: "firing", reason: "noData", labels: { maru_reason: "noData" } });
    expect(key.status).toBe("firing");
    key.event(1_100, { v: 5 });
    expect(key.outputs.at(-1)).toMatchObject({ to: "normal", labels: { maru_reason: "noData" } });
    expect(key.status).toBe("firing");
  });

  it("has its own policy for errors", () => {
    const key = watched({ error: { use: "alert" }, noData: { use: "normal" } });
    key.event(1_000, { v: "text" });
    expect(key.outputs.at(-1)).toMatchObject({ to: "firing", reason: "error" });
    key.event(1_001, {});
    expect(key.status).toBe("normal");
  });

  it("is the series that is missing from a poll, and a poll that fails is an error", () => {
    const { key, poll, status } = polled({ noData: { use: "normal" } });
    poll(0, 1, 1);
    poll(1, 1);
    expect([status(0), status(1)]).toEqual(["firing", "normal"]);
    poll(2, null);
    expect(status(0)).toBe("normal");
    poll(3, 1);
    key.feed({ kind: "failure", at: minutes(4), detail: "timeout" });
    expect(status(0)).toBe("firing");
    expect(key.outputs.some((output) => output.kind === "health" && output.code === "sourceFailed")).toBe(
      true,
    );
  });

  it("of a rule without any series is an instance too", () => {
    const { key, poll } = polled({ noData: { use: "alert" } });
    poll(0);
    expect(transitionsOf(key.outputs)).toEqual(["0 normal>firing"]);
    const failing = polled({ error: { use: "alert" } });
    failing.key.feed({ kind: "failure", at: 0, detail: "refused" });
    expect(transitionsOf(failing.key.outputs)).toEqual(["0 normal>firing"]);
  });
});

describe("flapping", () => {
  it("weighs the newest changes most", () => {
    expect(flappingLevel(0)).toBe(0);
    // All 20: (0.8 · 20 + 0.02 · 190) / 20.
    expect(flappingLevel(0xfffff)).toBeCloseTo(99, 9);
    expect(flappingLevel(1)).toBeCloseTo((100 * 1.18) / 20, 9);
    expect(flappingLevel(1 << 19)).toBeCloseTo((100 * 0.8) / 20, 9);
  });

  const toggling = (definition: Partial<RuleDefinitionInput> = {}) =>
    new OneKey({
      trigger: { kind: "filter" },
      condition: { kind: "expression", open: "data.v == 1.0" },
      flapping: { kind: "weighted" },
      actions: [
        { id: "tell", kind: "notify", on: ["firing", "resolved", "flappingStarted", "flappingStopped"] },
      ],
      ...definition,
    });

  it("is told when it starts and when it stops, and nothing between", () => {
    const key = toggling();
    // The first evaluation is no change; each toggle is one.
    for (let at = 0; at < 12; at++) key.event(at, { v: at % 2 });
    const started = key.outputs.find(({ kind }) => kind === "flapping");
    // Six changes at once weigh 1.18 + 1.16 + … + 1.08 = 6.78: 33.9 %; five 28.6 %.
    expect(started).toMatchObject({ phase: "started", at: 6 });
    for (let at = 12; at < 40; at++) key.event(at, { v: 1 });
    const said = key.outputs
      .filter((output) => output.kind === "flapping")
      .map(({ phase, status }) => [phase, status]);
    expect(said).toEqual([
      ["started", "normal"],
      ["stopped", "firing"],
    ]);
    const told = key.outputs.filter((output) => output.kind === "effect");
    const quiet = told.filter(
      ({ at, occasion }) => at >= 6 && (occasion === "firing" || occasion === "resolved"),
    );
    expect(quiet.length).toBeGreaterThan(3);
    expect(quiet.every(({ suppressed }) => suppressed[0] === "flapping")).toBe(true);
    expect(told.filter(({ occasion }) => occasion.startsWith("flapping"))).toHaveLength(2);
  });

  it("may be a number of changes in a time", () => {
    const key = toggling({ flapping: { kind: "changes", changes: 3, windowMs: 100 } });
    for (const [at, v] of [
      [0, 0],
      [10, 1],
      [20, 0],
      [30, 1],
      [125, 1],
      [135, 1],
    ] as const)
      key.event(at, { v });
    const said = key.outputs
      .filter((output) => output.kind === "flapping")
      .map(({ phase, at }) => [phase, at]);
    expect(said).toEqual([
      ["started", 30],
      ["stopped", 125],
    ]);
  });
});

describe("effects", () => {
  const acting = (definition: Partial<RuleDefinitionInput> = {}) =>
    new OneKey({
      trigger: { kind: "filter" },
      condition: { kind: "expression", open: "data.v > 1.0" },
      actions: [
        {
          id: "call",
          kind: "http",
          on: ["match", "firing", "resolved"],
          settings: { url: "https://x.test/" },
        },
      ],
      labels: { severity: "high" },
      annotations: { summary: "v is {{ data.v }}" },
      ...definition,
    });
  const effects = (key: OneKey) =>
    key.outputs
      .filter((output) => output.kind === "effect")
      .map(({ at, occasion, suppressed }) => [at, occasion, suppressed.join()]);

  it("cool down after one that was sent, and those held back make it no longer", () => {
    const key = acting({ outcome: "match", cooldownMs: 100 });
    for (const at of [0, 60, 99, 100, 150, 200]) key.event(at, { v: 2 });
    expect(effects(key)).toEqual([
      [0, "match", ""],
      [60, "match", "cooldown"],
      [99, "match", "cooldown"],
      [100, "match", ""],
      [150, "match", "cooldown"],
      [200, "match", ""],
    ]);
  });

  it("take back only what was told", () => {
    const key = acting({ cooldownMs: 100 });
    for (const [at, v] of [
      [0, 2],
      [10, 0],
      [20, 2],
      [30, 0],
      [200, 2],
      [210, 0],
    ] as const)
      key.event(at, { v });
    expect(effects(key)).toEqual([
      [0, "firing", ""],
      [10, "resolved", ""],
      [20, "firing", "cooldown"],
      [30, "resolved", "dedupe"],
      [200, "firing", ""],
      [210, "resolved", ""],
    ]);
  });

  it("have the same key when the same events decide again, and another for another decision", () => {
    const run = () => {
      const key = acting();
      key.event(0, { v: 2 }, { id: "a", ingestseq: 1 });
      key.event(10, { v: 0 }, { id: "b", ingestseq: 2 });
      return key.outputs.filter((output) => output.kind === "effect");
    };
    const [first, second] = [run(), run()];
    expect(first.map(({ effectKey }) => effectKey)).toEqual(second.map(({ effectKey }) => effectKey));
    expect(new Set(first.map(({ effectKey }) => effectKey)).size).toBe(2);
    expect(first[0]?.effectKey).toMatch(/^[0-9a-f]{64}$/);
    expect(first[0]).toMatchObject({ labels: { severity: "high" }, annotations: { summary: "v is 2" } });
  });
});

describe("labels", () => {
  it("that read the event make several alerts of one key, and one that is not there any more is over", () => {
    const key = new OneKey({
      trigger: { kind: "filter" },
      condition: { kind: "expression", open: "data.v > 1.0" },
      labels: { disk: "{{ data.disk }}" },
    });
    key.event(0, { v: 2, disk: "a" });
    key.event(1, { v: 2, disk: "b" });
    const said = key.outputs
      .filter((output) => output.kind === "transition")
      .map(({ to, labels }) => [to, labels.disk]);
    expect(said).toEqual([
      ["firing", "a"],
      ["firing", "b"],
      ["normal", "a"],
    ]);
  });

  it("that an edit changes are told under both names, without telling anybody again", () => {
    const key = new OneKey({
      trigger: { kind: "filter" },
      condition: { kind: "expression", open: "data.v > 1.0" },
      labels: { team: "red" },
      actions: [{ id: "tell", kind: "notify", on: ["firing", "resolved"] }],
    });
    key.event(0, { v: 2 });
    const after = ruleOf({ ...key.rule.definition, labels: { team: "blue" } });
    const said = key.feed({ kind: "edited", at: 5 }, after);
    expect(said).toMatchObject([
      { kind: "transition", to: "normal", labels: { team: "red" }, reason: "relabelled" },
      { kind: "transition", to: "firing", labels: { team: "blue" }, reason: "relabelled" },
    ]);
  });

  it("takes new texts over with an edit, under the name that it has, once", () => {
    const key = new OneKey({
      trigger: { kind: "filter", value: "data.v" },
      condition: { kind: "static", of: "value", open: { op: ">", value: 1 } },
      annotations: { summary: "at {{ value }}" },
      actions: [{ id: "tell", kind: "notify", on: ["firing", "resolved"] }],
    });
    key.event(0, { v: 2 });
    const edited = (summary: string) => ruleOf({ ...key.rule.definition, annotations: { summary } });
    const said = key.feed({ kind: "edited", at: 5 }, edited("has reached {{ value }}"));
    expect(said).toMatchObject([
      { kind: "transition", to: "firing", reason: "relabelled", annotations: { summary: "has reached 2" } },
    ]);
    expect(key.feed({ kind: "edited", at: 6 }, edited("{{ data.v }} it is"))).toEqual([]);
  });

  it("says in its trace what went wrong", () => {
    const { key, poll } = polled();
    poll(0, 1);
    key.feed({ kind: "failure", at: minutes(1), detail: "The endpoint answered 500." });
    expect(key.state.trace.at(-1)).toMatchObject({ verdict: "error", why: "The endpoint answered 500." });
  });
});
