import { describe, expect, it } from "vitest";
import type { MaruEvent } from "../../../../../contracts/events.ts";
import { RuleDefinition, type RuleDefinitionInput } from "../../../../../contracts/rules.ts";
import { newEffect } from "../../../../../src/modules/rules/actions/new-effect.rules.ts";
import { compileRule } from "../../../../../src/modules/rules/engine/compile/compile-rule.ts";
import type { CompiledRule } from "../../../../../src/modules/rules/engine/compile/compiled-rule.ts";
import { MemoryShardStore } from "../../../../../src/modules/rules/engine/shard/memory-shard-store.ts";
import { ruleSet } from "../../../../../src/modules/rules/engine/shard/rule-set.ts";
import { stepBatch } from "../../../../../src/modules/rules/engine/shard/step-batch.ts";

const base: RuleDefinitionInput = {
  name: "cpu",
  key: ["data.host"],
  keyLabels: ["host"],
  sources: { sourceIds: ["src", "rule:rul_a"] },
  trigger: { kind: "filter", value: "data.cpu" },
  condition: { kind: "static", of: "value", open: { op: ">", value: 80 } },
  outcome: "match",
  labels: { severity: "critical" },
  annotations: { summary: "{{ key[0] }} is busy" },
};

function compile(more: Partial<RuleDefinitionInput>) {
  return compileRule(RuleDefinition.parse({ ...base, ...more }), { tenantId: "tn_1", lineage: "rul_b.1" });
}
function compiled(more: Partial<RuleDefinitionInput>): CompiledRule {
  const outcome = compile(more);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.rule;
}
const problemsOf = (settings: object) => {
  const outcome = compile({
    actions: [{ id: "call", kind: "http", on: ["match"], settings: settings as never }],
  });
  return outcome.ok ? [] : outcome.problems.map(({ pointer, code }) => `${pointer} ${code}`);
};

let made = 0;
const event = (data: MaruEvent["data"], more: Partial<MaruEvent> = {}): MaruEvent => ({
  id: `e${made++}`,
  source: "/hosts",
  type: "host.cpu",
  time: 1_000,
  data,
  tenantid: "tn_1",
  sourceid: "src",
  ingesttime: 1_000,
  ingestseq: made,
  verified: "none",
  ...more,
});
const fed = (visited: string[], data = {}) =>
  event(
    { host: "db-1", cpu: 95, hops: visited.length, visited, ...data },
    {
      sourceid: "rule:rul_a",
      source: "/rules/rul_a",
      verified: "internal",
    },
  );

/** What the rule is to do after these events. */
function effectsOf(rule: CompiledRule, events: readonly MaruEvent[]) {
  const { outputs } = stepBatch(new MemoryShardStore(), ruleSet([rule]), events, 1_000);
  return outputs.flatMap((output) => {
    if (output.kind !== "effect") return [];
    const effect = newEffect(output, { ruleId: "rul_b", version: 3, projectId: "prj_1", compiled: rule });
    return effect === undefined ? [] : [effect];
  });
}
const call = (settings: object) =>
  compiled({ actions: [{ id: "call", kind: "http", on: ["match"], settings: settings as never }] });

describe("what an action is to do", () => {
  it("fills in an HTTP call: values can't add to its address, JSON keeps its types", () => {
    const rule = call({
      method: "PUT",
      url: "https://ops.test/hosts/{{ key[0] }}?level={{ value }}",
      headers: { "x-host": "{{ key[0] }}" },
      body: {
        cpu: "{{ value }}",
        text: "{{ labels.host }} at {{ value }}",
        gone: "{{ values.nothing }}",
        n: [1, null],
      },
    });
    const [effect] = effectsOf(rule, [event({ host: "a/b?c\r\nd", cpu: 91.5 })]);
    expect(effect).toMatchObject({
      ruleId: "rul_b",
      version: 3,
      kind: "http",
      target: "PUT https://ops.test",
      reasons: [],
    });
    expect(effect?.request).toEqual({
      kind: "http",
      method: "PUT",
      url: "https://ops.test/hosts/a%2Fb%3Fc%0D%0Ad?level=91.5",
      headers: { "content-type": "application/json", "x-host": "a/b?c%0D%0Ad" },
      body: '{"cpu":91.5,"text":"a/b?c\\r\\nd at 91.5","gone":null,"n":[1,null]}',
      secretName: null,
      secretUse: "signature",
    });
  });

  it("says the occasion itself where there is no body", () => {
    const [effect] = effectsOf(call({ url: "https://ops.test/" }), [event({ host: "db-1", cpu: 95 })]);
    const request = effect?.request;
    expect(JSON.parse(request?.kind === "http" ? (request.body ?? "") : "")).toMatchObject({
      type: "rule.match",
      timestamp: "1970-01-01T00:00:01.000Z",
      data: {
        rule: { id: "rul_b", name: "cpu", version: 3 },
        action: "call",
        labels: { host: "db-1", severity: "critical" },
        annotations: { summary: "db-1 is busy" },
        values: { value: 95 },
        key: ["db-1"],
      },
    });
  });

  it("asks for a run in the rule's project", () => {
    const run = { dataset: "bank-{{ labels.host }}", name: "after {{ value }}" };
    const rule = compiled({ actions: [{ id: "check", kind: "job", on: ["match"], settings: { run } }] });
    const [effect] = effectsOf(rule, [event({ host: "db-1", cpu: 95 })]);
    expect(effect).toMatchObject({
      target: "bank-db-1",
      request: {
        kind: "job",
        run: { dataset: "bank-db-1", name: "after 95", projectId: "prj_1", metrics: [] },
      },
    });
  });

  it("leaves notifying to the alert hub", () => {
    const rule = compiled({ actions: [{ id: "tell", kind: "notify", on: ["match"] }] });
    expect(effectsOf(rule, [event({ host: "db-1", cpu: 95 })])).toEqual([]);
  });

  it("gives the same decision the same key, and others another", () => {
    const rule = call({ url: "https://ops.test/" });
    const one = event({ host: "db-1", cpu: 95 });
    const keyOf = (...events: MaruEvent[]) => effectsOf(rule, events).map(({ key }) => key);
    expect(keyOf(one)).toEqual(keyOf({ ...one, ingestseq: 9_999 }));
    expect(new Set(keyOf(one, event({ host: "db-1", cpu: 95 }))).size).toBe(2);
  });
});

describe("an event for other rules", () => {
  const feeding = (more: Partial<RuleDefinitionInput> = {}) =>
    compiled({
      actions: [{ id: "feed", kind: "rule", on: ["match"], settings: { with: { v: "{{ value }}" } } }],
      ...more,
    });

  it("tells what happened, and which rules it came through", () => {
    const [first] = effectsOf(feeding(), [event({ host: "db-1", cpu: 95 })]);
    expect(first?.request).toMatchObject({
      type: "maru.rule.match",
      data: { with: { v: 95 }, hops: 1, visited: ["rul_b"], labels: { host: "db-1" } },
    });
    const [second] = effectsOf(feeding(), [fed(["rul_a"])]);
    expect(second?.request).toMatchObject({ data: { hops: 2, visited: ["rul_a", "rul_b"] } });
  });

  it("is held back where it has come through the rule before, or through eight", () => {
    const reasons = (visited: string[]) => effectsOf(feeding(), [fed(visited)]).map((one) => one.reasons);
    expect(reasons(["rul_b", "rul_a"])).toEqual([["cycle"]]);
    expect(reasons(["1", "2", "3", "4", "5", "6", "rul_a"])).toEqual([[]]);
    expect(reasons(["1", "2", "3", "4", "5", "6", "7", "rul_a"])).toEqual([["hops"]]);
  });

  it("forgets the way of an earlier event once one from outside decides", () => {
    const rule = feeding({ cooldownMs: 1 });
    const at = (one: MaruEvent, time: number) => ({ ...one, time, ingesttime: time });
    const outside = at(event({ host: "db-1", cpu: 95 }), 2_000);
    expect(effectsOf(rule, [at(fed(["rul_b"]), 1_000), outside]).map(({ reasons }) => reasons)).toEqual([
      ["cycle"],
      [],
    ]);
  });

  it("keeps the way of every event that a window holds", () => {
    const rule = feeding({
      trigger: {
        kind: "window",
        window: { kind: "count", size: 2, mode: "batch" } as never,
        aggregates: { most: { fn: "max", over: "data.cpu" } },
      },
      condition: { kind: "expression", open: "most > 1.0" },
      actions: [{ id: "feed", kind: "rule", on: ["match"] }],
    });
    const [effect] = effectsOf(rule, [fed(["rul_b", "rul_a"]), event({ host: "db-1", cpu: 95 })]);
    expect(effect?.reasons).toEqual(["cycle"]);
  });

  it("does not reach rules that ask for no source and no type", () => {
    const fire = (sources: RuleDefinitionInput["sources"]) =>
      effectsOf(
        compiled({
          sources,
          actions: [{ id: "c", kind: "http", on: ["match"], settings: { url: "https://x.test/" } }],
        }),
        [{ ...fed(["rul_a"]), type: "maru.rule.match" }],
      ).length;
    expect([
      fire({}),
      fire({ types: ["maru.rule.*"] }),
      fire({ sourceIds: ["rule:rul_a"] }),
      fire({ types: ["other"] }),
    ]).toEqual([0, 1, 1, 0]);
  });
});

describe("settings of actions", () => {
  it("are refused with a pointer to what is wrong", () => {
    const url = "https://x.test/";
    const at = "/actions/0/settings";
    expect(problemsOf({ url: "https://{{ labels.host }}/" })).toEqual([`${at}/url not_a_url`]);
    expect(problemsOf({ url: "https://x.test{{ labels.host }}/" })).toEqual([`${at}/url not_a_url`]);
    expect(problemsOf({ url: "ftp://x.test/" })).toEqual([`${at}/url not_a_url`]);
    expect(problemsOf({ url: "https://me:secret@x.test/" })).toEqual([`${at}/url credentials`]);
    expect(problemsOf({ url, headers: { "x-a": "{{ nope }}" } })).toEqual([`${at}/headers/x-a unknown_name`]);
    expect(problemsOf({ url, body: { a: [{ b: "{{ value > }}" }] } })).toEqual([
      `${at}/body/a/0/b bad_syntax`,
    ]);
    expect(problemsOf({ url, method: "GET", body: "x" })).toEqual([`${at}/body not_allowed`]);
    expect(problemsOf({ url, body: "{{ event.id }}" })).toEqual([`${at}/body unknown_name`]);
    for (const headers of [{ Authorization: "Bearer x" }, { "webhook-id": "1" }, { "a b": "1" }])
      expect(
        RuleDefinition.safeParse({
          ...base,
          actions: [{ id: "c", kind: "http", on: ["match"], settings: { url, headers } }],
        }).success,
      ).toBe(false);
    expect(
      RuleDefinition.safeParse({ ...base, actions: [{ id: "c", kind: "job", on: ["match"], settings: {} }] })
        .success,
    ).toBe(false);
  });
});
