import type { Bindings } from "../expr/expr.ts";
import { coolsDown, emitEffect, type KeyRun, render } from "./key-run.ts";
import { matchIdOf } from "./match-id.ts";
import type { Cause, Values } from "./outputs.ts";
import { addTrace } from "./trace.rules.ts";

/** The rule matched: says so, and what is to be done about it. */
export function emitMatch(run: KeyRun, at: number, cause: Cause, bindings: Bindings, values: Values): void {
  const { rule, state } = run;
  const labels = { ...run.baseLabels, ...render(rule.labels, bindings) };
  const annotations = render(rule.annotations, bindings);
  const matchId = matchIdOf(cause);
  run.emit({ ...run.common(at), kind: "match", cause, matchId, values, labels, annotations });
  let cooled = false;
  for (const action of rule.definition.actions) {
    if (!action.on.includes("match")) continue;
    const cools = coolsDown(run, action, state.sent?.[action.id], at);
    cooled ||= cools;
    if (!cools) {
      state.sent ??= {};
      state.sent[action.id] = at;
    }
    const occasion = { occasion: "match" as const, at, matchId, values, labels, annotations };
    emitEffect(run, action, occasion, cools ? ["cooldown"] : []);
  }
  addTrace(state.trace, at, "true", null, cooled ? "cooldown" : "none", values);
}
