import type { MaruEvent } from "../../contracts/events.ts";
import { RuleDefinition, type RuleDefinitionInput } from "../../contracts/rules.ts";
import type { Random } from "../../src/kernel/random.ts";
import { compileRule } from "../../src/modules/rules/engine/compile/compile-rule.ts";
import type { CompiledRule } from "../../src/modules/rules/engine/compile/compiled-rule.ts";

const call = (on: ("match" | "firing" | "resolved")[]) =>
  [{ id: "call", kind: "http", on, settings: { url: "https://x.test/" } }] as const;
const times = { ordered: true, watermark: { boundMs: 50, idleTimeoutMs: 1_000 } };
const byHost = { key: ["data.host"], keyLabels: ["host"], ...times };

/** A rule of each kind, each with an action. */
const definitions: readonly Partial<RuleDefinitionInput>[] = [
  {
    ...byHost,
    trigger: { kind: "filter", value: "data.v" },
    condition: { kind: "static", of: "value", open: { op: ">", value: 60 }, close: { op: "<", value: 40 } },
    forMs: 5,
    keepFiringMs: 7,
    noData: { use: "ownAlert", afterMs: 300 },
    actions: [...call(["firing", "resolved"])],
  },
  {
    ...byHost,
    trigger: {
      kind: "window",
      window: { kind: "tumbling", sizeMs: 40 },
      aggregates: { total: { fn: "sum", over: "data.v" } },
    },
    condition: { kind: "expression", open: "total > 120.0", close: "total < 80.0" },
    actions: [...call(["firing", "resolved"])],
  },
  {
    ...byHost,
    trigger: {
      kind: "window",
      window: { kind: "continuous", sizeMs: 60, exact: true },
      aggregates: { mean: { fn: "avg", over: "data.v" } },
    },
    condition: { kind: "static", of: "mean", open: { op: ">", value: 65 } },
    actions: [...call(["firing", "resolved"])],
  },
  {
    ...byHost,
    trigger: {
      kind: "pattern",
      pattern: {
        steps: [
          { kind: "event", var: "high", where: "data.v > 65.0", times: 2 },
          { kind: "event", var: "low", where: "data.v < 30.0" },
        ],
        withinMs: 150,
      },
    },
    outcome: "match",
    actions: [...call(["match"])],
  },
  {
    ...byHost,
    trigger: {
      kind: "pattern",
      pattern: {
        steps: [
          { kind: "event", var: "begun", where: "data.v > 90.0" },
          { kind: "not", var: "ended", where: "data.v < 30.0", contiguity: "notFollowedBy" },
        ],
        withinMs: 60,
      },
    },
    outcome: "match",
    actions: [...call(["match"])],
  },
  {
    ...times,
    trigger: { kind: "filter" },
    condition: { kind: "expression", open: "data.v > 92.0" },
    outcome: "match",
    cooldownMs: 30,
    actions: [...call(["match"])],
  },
];

export function scriptedRules(): CompiledRule[] {
  return definitions.map((definition, i) => {
    const whole = RuleDefinition.parse({ name: `rule ${i}`, ...definition });
    const outcome = compileRule(whole, { tenantId: "tn_1", lineage: `rl_${i}` });
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
    return outcome.rule;
  });
}

/** Events of a few hosts, in order of time. */
export function scriptedEvents(random: Random, count: number, span: number): MaruEvent[] {
  const whole = (below: number) => Math.floor(random() * below);
  return Array.from({ length: count }, () => whole(span))
    .sort((a, b) => a - b)
    .map((time, i) => ({
      id: `e${i}`,
      source: `/test/${i % 2}`,
      type: "test",
      time,
      data: { v: whole(100), host: `h${whole(3)}` },
      sequence: String(i).padStart(6, "0"),
      tenantid: "tn_1",
      sourceid: "src_1",
      ingesttime: time,
      ingestseq: i,
      verified: "none",
    }));
}

export interface Delivery {
  readonly events: readonly MaruEvent[];
  readonly now: number;
}

/** Events in batches of random sizes; late by at most `bound`, so out of order, and some of them twice. */
export function deliveries(
  events: readonly MaruEvent[],
  random: Random,
  { bound, repeats, largest }: { readonly bound: number; readonly repeats: number; readonly largest: number },
): Delivery[] {
  const sent = events
    .flatMap((event) => (random() < repeats ? [event, event] : [event]))
    .map((event) => ({ event, arrives: event.time + random() * bound }))
    .sort((a, b) => a.arrives - b.arrives);
  const batches: Delivery[] = [];
  let now = 0;
  for (let from = 0; from < sent.length; ) {
    const part = sent.slice(from, from + 1 + Math.floor(random() * largest));
    now = Math.max(now, ...part.map(({ event }) => event.time));
    const ingesttime = now;
    batches.push({
      events: part.map(({ event }, i) => ({ ...event, ingesttime, ingestseq: from + i })),
      now,
    });
    from += part.length;
  }
  return batches;
}
