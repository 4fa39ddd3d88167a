import type { Bindings } from "../../expr/expr.ts";
import type { Judgement } from "../judge.rules.ts";
import type { KeyRun } from "../key-run.ts";
import type { Cause, InstanceStatus, Labels, Values, Verdict } from "../outputs.ts";
import { addTrace, type Guard } from "../trace.rules.ts";
import { applyPolicies } from "./absence.rules.ts";
import { noteEvaluation } from "./flapping.rules.ts";
import { type Instance, newInstance } from "./instance.ts";
import { runMachine } from "./machine.rules.ts";
import { emitFlapping, emitTransition } from "./transition.ts";

/** How long a resolved instance is kept. */
const resolvedKeptMs = 15 * 60_000;

export interface Evaluation {
  readonly id: string;
  /** Rendered when an instance is made. */
  readonly labels: () => Labels;
  readonly judgement: Judgement;
  readonly at: number;
  readonly cause: Cause;
  readonly bindings: Bindings;
  readonly values: Values;
}

/** Evaluates one alert instance and says what follows. An instance that has nothing to remember is not kept. */
export function evaluateInstance(run: KeyRun, evaluation: Evaluation): void {
  const { rule, state } = run;
  const { id, judgement, at, values } = evaluation;
  const known = state.instances[id];
  const open = known?.status === "firing" || known?.status === "recovering";
  const verdict = open ? judgement.stay : judgement.open;
  const trace = (status: InstanceStatus, guard: Guard) =>
    addTrace(state.trace, at, verdict, status, guard, values, id === "" ? undefined : id, judgement.why);
  if (known === undefined && !needsInstance(run, verdict)) {
    trace("normal", verdict === "false" ? "condition" : "unknown");
    return;
  }
  const instance = known ?? newInstance(evaluation.labels(), at);
  state.instances[id] = instance;
  tellError(run, instance, verdict, evaluation);
  instance.at = at;
  instance.verdict = verdict;
  instance.values = values;
  const { noData, error, flapping } = rule.definition;
  const effective = applyPolicies(instance, verdict, at, noData, error);
  const before = runMachine(instance, effective.verdict, at, rule.definition);
  if (flapping !== undefined && (effective.verdict === "true" || effective.verdict === "false")) {
    const change = noteEvaluation(instance, effective.verdict === "true", at, flapping);
    if (change !== undefined) emitFlapping(run, instance, change, at, evaluation.bindings);
  }
  if (instance.status !== before) {
    emitTransition(run, instance, before, at, evaluation.cause, evaluation.bindings);
  }
  trace(instance.status, guardOf(instance, before, effective.verdict));
  if (effective.own !== null) keepOwnAlert(run, evaluation, instance, effective.own, verdict);
  if (isForgettable(run, instance)) delete state.instances[id];
}

function needsInstance(run: KeyRun, verdict: Verdict): boolean {
  if (verdict === "true" || verdict === "error") return true;
  const { flapping, noData } = run.rule.definition;
  if (watchesSeries(run)) return true;
  return flapping !== undefined || (verdict === "unknown" && noData.use !== "keepLast");
}

/** A series that vanishes while its alert is normal must be missed: so it is remembered. */
function watchesSeries({ rule: { trigger, definition } }: KeyRun): boolean {
  return (
    trigger.kind === "metric" && (definition.noData.use === "alert" || definition.noData.use === "ownAlert")
  );
}

function tellError(run: KeyRun, instance: Instance, verdict: Verdict, { judgement, at }: Evaluation): void {
  if (verdict !== "error" || instance.verdict === "error") return;
  const detail = judgement.why ?? "The evaluation failed.";
  run.emit({ ...run.common(at), kind: "health", code: "evaluationFailed", detail });
}

function guardOf(instance: Instance, before: InstanceStatus, verdict: Verdict): Guard {
  if (instance.status !== before) return instance.flapping ? "flapping" : "none";
  if (verdict === "unknown" || verdict === "error") return verdict;
  switch (instance.status) {
    case "normal":
      return "condition";
    case "pending":
      return "for";
    case "recovering":
      return "keepFiring";
    default:
      return "firing";
  }
}

/** The alert about missing data or errors itself, beside the instance it is about; another reason is another alert. */
function keepOwnAlert(
  run: KeyRun,
  evaluation: Evaluation,
  about: Instance,
  firing: boolean,
  verdict: Verdict,
): void {
  const { instances } = run.state;
  const id = `${evaluation.id}!absence`;
  const reason = verdict === "error" ? "error" : "noData";
  const known = instances[id];
  const stays = firing && known?.labels.maru_reason === reason;
  if (known !== undefined && !stays) tellOwnAlert(run, evaluation, id, known, false);
  if (!firing) return;
  const own = stays ? known : newInstance({ ...about.labels, maru_reason: reason }, evaluation.at);
  tellOwnAlert(run, evaluation, id, own, true);
}

function tellOwnAlert(
  run: KeyRun,
  { at, cause, bindings }: Evaluation,
  id: string,
  own: Instance,
  firing: boolean,
): void {
  const { instances } = run.state;
  instances[id] = own;
  own.at = at;
  own.verdict = firing ? "true" : "false";
  const before = runMachine(own, own.verdict, at, { forMs: 0, keepFiringMs: 0 });
  const why = own.labels.maru_reason === "error" ? "error" : "noData";
  if (own.status !== before) emitTransition(run, own, before, at, cause, bindings, why);
  if (own.status === "normal") delete instances[id];
}

function isForgettable(run: KeyRun, instance: Instance): boolean {
  if (instance.status !== "normal" || instance.unknownSince !== null || instance.errorSince !== null)
    return false;
  const { definition } = run.rule;
  if (definition.flapping !== undefined || watchesSeries(run)) return false;
  const { resolvedAt, at } = instance;
  if (resolvedAt !== null && at - resolvedAt < resolvedKeptMs) return false;
  return !Object.entries(instance.sent ?? {}).some(([id, sentAt]) => {
    const action = definition.actions.find((one) => one.id === id);
    return action !== undefined && at - sentAt < (action.cooldownMs ?? definition.cooldownMs);
  });
}
