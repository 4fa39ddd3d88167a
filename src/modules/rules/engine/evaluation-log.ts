import type { Bindings } from "../expr/expr.ts";
import { labelsOf } from "./evaluate-values.ts";
import { evaluateInstance } from "./instances/evaluate-instance.ts";
import type { Instance } from "./instances/instance.ts";
import { emitTransition } from "./instances/transition.ts";
import type { KeyRun } from "./key-run.ts";
import type { Cause } from "./outputs.ts";
import type { EvaluationLog, LoggedEvaluation } from "./state.ts";

/**
 * Whether a late event may change what an alert was told: then its evaluations are kept while they may be corrected. A
 * dynamic threshold can't take back what it has learnt, so its alerts stay as they were.
 */
export function keepsLog({ rule }: KeyRun): boolean {
  const { lateness, time, outcome, condition } = rule.definition;
  if (lateness.policy !== "update" || lateness.allowedMs === 0 || time !== "event") return false;
  return outcome === "alert" && (condition?.kind === "expression" || condition?.kind === "static");
}

/** Remembers an evaluation that is about to be told, in place. */
export function logEvaluation(run: KeyRun, entry: LoggedEvaluation): void {
  const { state } = run;
  state.log ??= { base: copyOf(state.instances), entries: [] };
  state.log.entries.push(entry);
}

/**
 * Puts a corrected evaluation in the place of the one before and works out anew what the alert should be. Only where that
 * differs from what it is, something is said.
 */
export function correctLog(run: KeyRun, entry: LoggedEvaluation, cause: Cause, bindings: Bindings): void {
  const { state } = run;
  const log = state.log ?? { base: copyOf(state.instances), entries: [] };
  state.log = log;
  const before = state.instances;
  const others = log.entries.filter(({ end, early }) => early || end !== entry.end);
  log.entries = [...others, entry].sort((a, b) => a.at - b.at);
  const traces = state.trace.length === 0 ? [] : [...state.trace];
  run.muted = true;
  state.instances = copyOf(log.base);
  for (const one of log.entries) replay(run, one);
  run.muted = false;
  state.trace = traces;
  const ids = new Set([...Object.keys(before), ...Object.keys(state.instances)]);
  for (const id of ids) tellDifference(run, id, before[id], entry.at, cause, bindings);
}

function replay(run: KeyRun, entry: LoggedEvaluation): void {
  const bindings = { ...entry.values, key: run.state.key, labels: run.baseLabels };
  evaluateInstance(run, {
    id: "",
    labels: () => labelsOf(run, bindings),
    judgement: { open: entry.open, stay: entry.stay },
    at: entry.at,
    cause: { by: "timer", at: entry.at },
    bindings,
    values: entry.values,
  });
}

function tellDifference(
  run: KeyRun,
  id: string,
  before: Instance | undefined,
  at: number,
  cause: Cause,
  bindings: Bindings,
): void {
  const { instances } = run.state;
  const was = before?.status ?? "normal";
  const after = instances[id];
  if (after !== undefined && before?.sent !== undefined) after.sent = before.sent;
  if ((after?.status ?? "normal") === was) return;
  if (after !== undefined) {
    emitTransition(run, after, was, at, cause, bindings);
    return;
  }
  if (before === undefined) return;
  const settled: Instance = { ...before, status: "normal", activeAt: null, resolvedAt: at, at };
  emitTransition(run, settled, was, at, cause, bindings);
}

/** Forgets evaluations that nothing may correct any more, in place. */
export function trimLog(run: KeyRun, watermark: number, allowedMs: number): void {
  const { log, instances } = run.state;
  if (log === undefined) return;
  const settled = log.entries.filter(({ at }) => at - 1 + allowedMs <= watermark);
  if (settled.length === 0) return;
  const { trace } = run.state;
  run.muted = true;
  run.state.instances = log.base;
  run.state.trace = [];
  for (const entry of settled) replay(run, entry);
  const next: EvaluationLog = { base: run.state.instances, entries: log.entries.slice(settled.length) };
  run.muted = false;
  run.state.instances = instances;
  run.state.trace = trace;
  if (next.entries.length === 0) delete run.state.log;
  else run.state.log = next;
}

function copyOf(instances: Record<string, Instance>): Record<string, Instance> {
  return structuredClone(instances);
}
