import type { MaruEvent } from "../../../../contracts/events.ts";
import { canonicalJson } from "../../../kernel/json.ts";
import { CelFailure, CelUint } from "../expr/values/value.ts";
import { judgeOne, labelsOf, tell } from "./evaluate-values.ts";
import { evaluateInstance } from "./instances/evaluate-instance.ts";
import { type KeyRun, noteChain } from "./key-run.ts";
import type { Cause, Values } from "./outputs.ts";

/** One event of a filter rule: it matches, or it says how things stand. */
export function stepFilter(run: KeyRun, event: MaruEvent, at: number): void {
  const { rule, state } = run;
  if (rule.trigger.kind !== "filter") return;
  noteChain(run, event, at);
  const read = rule.trigger.value?.evaluate({ event, data: event.data });
  const value = numberOf(read);
  const bindings = { event, data: event.data, key: state.key, labels: run.baseLabels, value };
  const values: Values = rule.trigger.value === undefined ? {} : { value: value ?? null };
  const cause: Cause = { by: "events", events: [{ source: event.source, id: event.id }] };
  if (rule.definition.outcome === "match" || !rule.labelsVary) {
    tell(run, at, cause, bindings, values, judgeOne(run, "", bindings, at));
    return;
  }
  const labels = labelsOf(run, bindings);
  const id = canonicalJson(labels);
  const judgement = judgeOne(run, id, bindings, at);
  evaluateInstance(run, { id, labels: () => labels, judgement, at, cause, bindings, values });
  for (const other of Object.keys(state.instances)) {
    const instance = state.instances[other];
    if (other === id || other.endsWith("!absence") || instance === undefined) continue;
    const gone = { open: "false", stay: "false" } as const;
    evaluateInstance(run, {
      id: other,
      labels: () => instance.labels,
      judgement: gone,
      at,
      cause,
      bindings,
      values: instance.values,
    });
  }
}

/** The number of an event; absent where there is none. */
export function numberOf(value: unknown): number | undefined {
  if (value === undefined || value instanceof CelFailure) return undefined;
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return value instanceof CelUint ? Number(value.value) : undefined;
}
