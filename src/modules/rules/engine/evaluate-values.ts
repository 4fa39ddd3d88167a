import type { Json } from "../../../kernel/json.ts";
import type { Bindings } from "../expr/expr.ts";
import { evaluateInstance } from "./instances/evaluate-instance.ts";
import { type Judgement, judge } from "./judge.rules.ts";
import { type KeyRun, render } from "./key-run.ts";
import { emitMatch } from "./match.ts";
import type { Cause, Labels, Values, Verdict } from "./outputs.ts";
import type { BandModel } from "./thresholds/band-model.ts";
import { addTrace } from "./trace.rules.ts";
import type { AggregateValues, Span } from "./windows/aggregate.rules.ts";

/** Judges the values of a window and tells the alert, or the match. */
export function evaluateValues(
  run: KeyRun,
  at: number,
  cause: Cause,
  values: AggregateValues,
  span: Span,
  failure?: string,
): Verdict {
  const bindings = { ...values, key: run.state.key, labels: run.baseLabels, window: span };
  const judgement = failure === undefined ? judgeOne(run, "", bindings, at) : failed(failure);
  return tell(run, at, cause, bindings, toValues(values), judgement);
}

export function failed(why: string): Judgement {
  return { open: "error", stay: "error", why };
}

export function judgeOne(run: KeyRun, id: string, bindings: Bindings, at: number): Judgement {
  return judge(run.rule.condition, bindings, at, () => modelOf(run, id));
}

function modelOf({ state }: KeyRun, id: string): BandModel {
  state.models ??= {};
  const known = state.models[id];
  if (known !== undefined) return known;
  const fresh: BandModel = { outside: [] };
  state.models[id] = fresh;
  return fresh;
}

/** Gives a judgement about the key's only instance to the alert, or a match to its actions. */
export function tell(
  run: KeyRun,
  at: number,
  cause: Cause,
  bindings: Bindings,
  values: Values,
  judgement: Judgement,
): Verdict {
  const { state, rule } = run;
  if (rule.definition.outcome === "match") {
    if (judgement.open === "true") emitMatch(run, at, cause, bindings, values);
    else addTrace(state.trace, at, judgement.open, null, guards[judgement.open], values);
    return judgement.open;
  }
  evaluateInstance(run, {
    id: "",
    labels: () => labelsOf(run, bindings),
    judgement,
    at,
    cause,
    bindings,
    values,
  });
  return judgement.open;
}

const guards = { true: "none", false: "condition", unknown: "unknown", error: "error" } as const;

export function labelsOf(run: KeyRun, bindings: Bindings, base: Labels = run.baseLabels): Labels {
  return { ...base, ...render(run.rule.labels, bindings) };
}

/** Absent values are null: they are kept as JSON. */
export function toValues(values: Readonly<Record<string, Json | undefined>>): Values {
  const kept: Record<string, Json> = {};
  for (const name of Object.keys(values)) {
    const value = values[name];
    kept[name] = value === undefined || (typeof value === "number" && !Number.isFinite(value)) ? null : value;
  }
  return kept;
}
