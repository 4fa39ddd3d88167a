import type { Bindings } from "../expr/expr.ts";
import { labelsOf } from "./evaluate-values.ts";
import { evaluateInstance } from "./instances/evaluate-instance.ts";
import type { KeyRun } from "./key-run.ts";
import { emitMatch } from "./match.ts";
import type { Cause, Values } from "./outputs.ts";

const happened = { open: "true", stay: "true" } as const;
const over = { open: "false", stay: "false" } as const;

/** A pattern matched or a schedule came due: a match, or an alert that resolves some time after the last one. */
export function occur(run: KeyRun, at: number, cause: Cause, bindings: Bindings, values: Values): void {
  const { rule, state } = run;
  if (rule.definition.outcome === "match") {
    emitMatch(run, at, cause, bindings, values);
    return;
  }
  state.resolveAt = at + rule.definition.resolveAfterMs;
  const labels = () => labelsOf(run, bindings);
  evaluateInstance(run, { id: "", labels, judgement: happened, at, cause, bindings, values });
}

/** Resolves the alert of an occurrence that is long enough ago. */
export function resolveOccurrence(run: KeyRun, at: number): void {
  const { state } = run;
  state.resolveAt = null;
  const instance = state.instances[""];
  if (instance === undefined) return;
  const bindings = { key: state.key, labels: instance.labels };
  const cause: Cause = { by: "timer", at };
  const { labels, values } = instance;
  evaluateInstance(run, { id: "", labels: () => labels, judgement: over, at, cause, bindings, values });
}
