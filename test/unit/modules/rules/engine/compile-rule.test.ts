import { describe, expect, it } from "vitest";
import { RuleDefinition, type RuleDefinitionInput } from "../../../../../contracts/rules.ts";
import { compatibility, migrateState } from "../../../../../src/modules/rules/engine/compatibility.rules.ts";
import { compileRule } from "../../../../../src/modules/rules/engine/compile/compile-rule.ts";
import { MemoryShardStore } from "../../../../../src/modules/rules/engine/shard/memory-shard-store.ts";
import { ruleSet } from "../../../../../src/modules/rules/engine/shard/rule-set.ts";
import { stepKeys } from "../../../../../src/modules/rules/engine/shard/step-batch.ts";
import { traceAt } from "../../../../../src/modules/rules/engine/trace.rules.ts";
import { typeOfJsonSchema } from "../../../../../src/modules/rules/expr/json-schema-types.ts";
import { OneKey, ruleOf, transitionsOf } from "./rule-bench.ts";

const windowed: RuleDefinitionInput = {
  name: "cpu",
  key: ["data.host"],
  trigger: {
    kind: "window",
    window: { kind: "tumbling", sizeMs: 60_000 },
    aggregates: { mean: { fn: "avg", over: "data.cpu" } },
  },
  condition: { kind: "expression", open: "mean > 80.0" },
};

function problemsOf(definition: Partial<RuleDefinitionInput>, schema?: unknown) {
  const whole = RuleDefinition.parse({ ...windowed, ...definition });
  const data = schema === undefined ? undefined : typeOfJsonSchema(schema);
  const outcome = compileRule(whole, { tenantId: "tn_1", lineage: "rl_1" }, data);
  return outcome.ok ? [] : outcome.problems.map(({ pointer, code }) => [pointer, code]);
}

describe("compiling a rule", () => {
  it("points at every expression that is wrong", () => {
    expect(
      problemsOf({
        key: ["data.host", "dat.host"],
        sources: { where: "'text'" },
        condition: { kind: "expression", open: "avg > 80.0", close: "mean <" },
        labels: { host: "{{ labels.host }}{{ nope }}" },
        annotations: { summary: "{{ mean > }}" },
      }),
    ).toEqual([
      ["/sources/where", "wrong_type"],
      ["/key/1", "unknown_name"],
      ["/condition/open", "unknown_name"],
      ["/condition/close", "bad_syntax"],
      ["/labels/host", "unknown_name"],
      ["/annotations/summary", "bad_syntax"],
    ]);
  });

  it("points at what does not fit together", () => {
    const { trigger } = windowed;
    if (trigger.kind !== "window") throw new Error("not a window");
    const window = (spec: object) => ({ trigger: { ...trigger, window: spec as typeof trigger.window } });
    expect(problemsOf(window({ kind: "tumbling", sizeMs: 10, offsetMs: -10 }))).toEqual([
      ["/trigger/window/offsetMs", "out_of_range"],
    ]);
    expect(problemsOf(window({ kind: "sliding", sizeMs: 3_600_000, slideMs: 1_001 }))).toEqual([
      ["/trigger/window/slideMs", "too_complex"],
    ]);
    expect(problemsOf(window({ kind: "calendar", unit: "day", zone: "Mars/Base" }))).toEqual([
      ["/trigger/window/zone", "unknown_zone"],
    ]);
    expect(problemsOf({ condition: { kind: "mad", of: "median" } })).toEqual([
      ["/condition/of", "unknown_name"],
    ]);
    expect(problemsOf({ trigger: { kind: "filter" }, condition: undefined })).toEqual([
      ["/condition", "missing"],
    ]);
  });

  it("points into a pattern", () => {
    const steps = [{ kind: "event", var: "a", where: "event.tipe == 'x'" }] as const;
    expect(
      problemsOf({ trigger: { kind: "pattern", pattern: { steps: [...steps] } }, condition: undefined }),
    ).toEqual([["/trigger/pattern/steps/0/where", "unknown_field"]]);
  });

  it("knows the fields of the source's schema", () => {
    const properties = { host: { type: "string" }, cpu: { type: "integer" } };
    const schema = { type: "object", properties, additionalProperties: false };
    expect(problemsOf({}, schema)).toEqual([]);
    expect(problemsOf({ key: ["data.hst"] }, schema)).toEqual([["/key/0", "unknown_field"]]);
  });

  it("keeps one accumulation for aggregates over the same input", () => {
    const rule = ruleOf({
      ...windowed,
      trigger: {
        kind: "window",
        window: { kind: "tumbling", sizeMs: 60_000 },
        aggregates: {
          mean: { fn: "avg", over: "data.cpu" },
          most: { fn: "max", over: "data.cpu" },
          errors: { fn: "count", where: "data.ok == false" },
        },
      },
    });
    expect(rule.trigger.kind === "window" && rule.trigger.cells).toMatchObject([
      { sum: true, extremes: true, moments: false },
      { sum: false },
    ]);
  });
});

describe("an edit", () => {
  const before = RuleDefinition.parse(windowed);
  const edit = (change: Partial<RuleDefinitionInput>) => {
    const { effect, allowed, changes } = compatibility(
      before,
      RuleDefinition.parse({ ...windowed, ...change }),
    );
    return { effect, allowed, changed: changes.map(({ pointer }) => pointer) };
  };
  const all = ["carry", "reset", "newLineage"];

  it("of words, labels, actions and times keeps the state", () => {
    expect(edit({})).toEqual({ effect: "carry", allowed: all, changed: [] });
    for (const change of [
      { description: "x" },
      { labels: { team: "a" } },
      { forMs: 1_000 },
      { actions: [{ id: "a", kind: "notify", on: ["firing"] }] },
      { noData: { use: "alert" } },
      { cooldownMs: 5 },
    ] satisfies Partial<RuleDefinitionInput>[]) {
      expect(edit(change)).toEqual({
        effect: "carry",
        allowed: all,
        changed: [`/${Object.keys(change)[0]}`],
      });
    }
  });

  it("of the condition is another rule unless the author carries the state on", () => {
    const change = { condition: { kind: "expression", open: "mean > 90.0" } } as const;
    expect(edit(change)).toEqual({ effect: "newLineage", allowed: all, changed: ["/condition"] });
  });

  it("of the key or its labels is another rule, since alerts are known by them", () => {
    for (const change of [{ key: ["data.rack"] }, { keyLabels: ["rack"] }]) {
      expect(edit(change)).toEqual({
        effect: "newLineage",
        allowed: ["newLineage"],
        changed: [`/${Object.keys(change)[0]}`],
      });
    }
  });

  it("of nothing, the first version, begins a lineage", () => {
    expect(compatibility(null, before)).toEqual({
      effect: "newLineage",
      allowed: ["newLineage"],
      changes: [],
    });
  });

  it("of the window can't keep what was gathered", () => {
    const { trigger } = windowed;
    if (trigger.kind !== "window") throw new Error("not a window");
    const change = { trigger: { ...trigger, window: { kind: "tumbling", sizeMs: 30_000 } as const } };
    expect(edit(change)).toEqual({
      effect: "newLineage",
      allowed: ["reset", "newLineage"],
      changed: ["/trigger"],
    });
    expect(edit({ trigger: { ...trigger, evaluateEmpty: true } }).effect).toBe("carry");
  });

  it("of the key or the time is always another rule", () => {
    expect(edit({ key: ["data.zone"] })).toMatchObject({ effect: "newLineage", allowed: ["newLineage"] });
    const { effect, allowed, changed } = edit({ time: "processing", forMs: 5 });
    expect({ effect, allowed, changed: changed.sort() }).toEqual({
      effect: "newLineage",
      allowed: ["newLineage"],
      changed: ["/forMs", "/time"],
    });
  });

  it("that resets keeps the alerts and lets go of the windows", () => {
    const key = new OneKey({ ...windowed, condition: { kind: "expression", open: "mean > 1.0" } });
    key.event(0, { cpu: 5 });
    key.advance(59_999);
    key.event(60_000, { cpu: 5 });
    const state = migrateState(key.state, "reset");
    expect(state.window).toBe(undefined);
    expect(state.instances[""]?.status).toBe("firing");
  });
});

describe("traces", () => {
  it("answer why it did not fire, at any time", () => {
    const key = new OneKey({
      trigger: { kind: "filter", value: "data.v" },
      condition: { kind: "static", of: "value", open: { op: ">", value: 80 } },
      forMs: 100,
    });
    for (let at = 0; at < 50; at++) key.event(at, { v: 10 + at });
    key.event(60, { v: 90 });
    key.event(70, {});
    key.event(80, { v: 95 });
    key.event(120, { v: 20 });
    const told = [30, 65, 75, 85, 500].map((at) => traceAt(key.state.trace, at));
    expect(told).toMatchObject([
      { guard: "condition", verdict: "false", n: 50, values: { value: 59 } },
      { guard: "none", status: "pending", verdict: "true" },
      { guard: "unknown", status: "pending" },
      { guard: "for", status: "pending", values: { value: 95 } },
      { guard: "none", status: "normal", values: { value: 20 } },
    ]);
    for (let at = 200; at < 1_000; at++) key.event(at, { v: at % 2 === 0 ? 90 : 10 });
    expect(key.state.trace.length).toBeLessThanOrEqual(24);
  });
});

describe("what is no event", () => {
  it("reaches a rule through its shard: polls, and schedules with their own time in the effect key", () => {
    const store = new MemoryShardStore();
    const polled = ruleOf({
      trigger: { kind: "metric", metric: { intervalMs: 60_000, url: "https://x.test", format: "json" } },
      condition: { kind: "static", of: "value", open: { op: ">", value: 1 } },
    });
    const nightly = ruleOf(
      {
        trigger: { kind: "schedule", schedule: { kind: "cron", expression: "0 9 * * *" } },
        outcome: "match",
        actions: [{ id: "run", kind: "job", on: ["match"], settings: { run: { dataset: "bank" } } }],
      },
      "rl_2",
    );
    const rules = ruleSet([polled, nightly]);
    const rows = [{ labels: { disk: "a" }, value: 5 }];
    const poll = stepKeys(
      store,
      rules,
      polled,
      [{ key: [], input: { kind: "samples", at: 60_000, rows } }],
      60_001,
    );
    expect(transitionsOf(poll.outputs)).toEqual(["60000 normal>firing"]);
    const run = () =>
      stepKeys(
        store,
        rules,
        nightly,
        [{ key: [], input: { kind: "run", scheduledFor: 32_400_000 } }],
        32_400_005,
      );
    const effect = ({ outputs }: ReturnType<typeof run>) => outputs.find(({ kind }) => kind === "effect");
    const first = effect(run());
    expect(first).toMatchObject({ occasion: "match", at: 32_400_000 });
    expect(effect(run())).toEqual(first);
  });
});
