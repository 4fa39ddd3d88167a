import { canonicalJson } from "../../../kernel/json.ts";
import { failed, judgeOne, labelsOf } from "./evaluate-values.ts";
import { type Evaluation, evaluateInstance } from "./instances/evaluate-instance.ts";
import { emitTransition } from "./instances/transition.ts";
import type { Judgement } from "./judge.rules.ts";
import type { KeyRun } from "./key-run.ts";
import { emitMatch } from "./match.ts";
import type { Cause, Labels } from "./outputs.ts";

/** One series of a poll. A NaN is no value. */
export interface SampleRow {
  readonly labels: Labels;
  readonly value: number | null;
}

const missing: Judgement = { open: "unknown", stay: "unknown" };

/**
 * The result of a poll: one instance per series. Two series that come to the same labels, or more open instances than the
 * limit, make the whole evaluation an error. An instance whose series is missing has no data.
 */
export function stepSamples(run: KeyRun, rows: readonly SampleRow[], at: number): void {
  const cause: Cause = { by: "samples", at };
  const read = rows.map((row) => readRow(run, row));
  if (new Set(read.map(({ id }) => id)).size < read.length) {
    tellAll(run, at, cause, failed("Two results have the same labels."), "duplicateLabels");
    return;
  }
  if (run.rule.definition.outcome === "match") {
    for (const { id, bindings, value } of read) {
      if (judgeOne(run, id, bindings, at).open === "true") emitMatch(run, at, cause, bindings, { value });
    }
    return;
  }
  const { limit } = run.rule.definition;
  const before = limit > 0 ? structuredClone({ ...run.state, key: [...run.state.key] }) : undefined;
  const said = run.outputs.length;
  for (const { id, labels, bindings, value } of read) {
    const judgement = judgeOne(run, id, bindings, at);
    evaluateInstance(run, { id, labels: () => labels, judgement, at, cause, bindings, values: { value } });
  }
  evaluateMissing(run, new Set(read.map(({ id }) => id)), at, cause);
  if (before === undefined || openCount(run) <= limit) return;
  run.outputs.length = said;
  Object.assign(run.state, before);
  const detail = `More than ${limit} alerts are open.`;
  tellAll(run, at, cause, failed(detail), "limitExceeded");
}

/** A poll that failed: an error for every instance. */
export function stepFailure(run: KeyRun, detail: string, at: number): void {
  tellAll(run, at, { by: "samples", at }, failed(detail), "sourceFailed");
}

function readRow(run: KeyRun, row: SampleRow) {
  const value = row.value === null || Number.isNaN(row.value) ? null : row.value;
  const base = { ...run.baseLabels, ...row.labels };
  const bindings = { key: run.state.key, labels: base, value: value ?? undefined };
  const labels = labelsOf(run, bindings, base);
  return { id: canonicalJson(labels), labels, bindings, value };
}

function openCount({ state }: KeyRun): number {
  return Object.values(state.instances).filter(({ status }) => status !== "normal").length;
}

function evaluateMissing(run: KeyRun, present: ReadonlySet<string>, at: number, cause: Cause): void {
  const gone = idsOf(run).filter((id) => !present.has(id));
  for (const id of gone) {
    const since = run.state.instances[id]?.unknownSince ?? at;
    if (at - since >= run.rule.definition.ttlMs) forgetSeries(run, id, at, cause);
    else evaluateInstance(run, again(run, id, missing, at, cause));
  }
  if (present.size > 0 || gone.length > 0) return;
  evaluateInstance(run, again(run, nothingId, missing, at, cause));
}

/** A series that was missing for the rule's time to live is gone for good: its alerts end. */
function forgetSeries(run: KeyRun, id: string, at: number, cause: Cause): void {
  for (const name of [id, `${id}!absence`]) {
    const instance = run.state.instances[name];
    if (instance === undefined) continue;
    delete run.state.instances[name];
    const { status, labels } = instance;
    if (status === "normal") continue;
    Object.assign(instance, { status: "normal", resolvedAt: at });
    emitTransition(run, instance, status, at, cause, { key: run.state.key, labels }, "expired");
  }
  delete run.state.models?.[id];
}

/** The instance of a rule that has no series. */
const nothingId = "{}";

function tellAll(
  run: KeyRun,
  at: number,
  cause: Cause,
  judgement: Judgement,
  code: "duplicateLabels" | "limitExceeded" | "sourceFailed",
): void {
  run.emit({ ...run.common(at), kind: "health", code, detail: judgement.why ?? "" });
  const known = idsOf(run);
  for (const id of known.length > 0 ? known : [nothingId]) {
    evaluateInstance(run, again(run, id, judgement, at, cause));
  }
}

function idsOf({ state }: KeyRun): string[] {
  return Object.keys(state.instances).filter((id) => !id.endsWith("!absence"));
}

function again(run: KeyRun, id: string, judgement: Judgement, at: number, cause: Cause): Evaluation {
  const instance = run.state.instances[id];
  const bindings = { key: run.state.key, labels: instance?.labels ?? run.baseLabels, value: undefined };
  const labels = () => instance?.labels ?? labelsOf(run, bindings);
  return { id, labels, judgement, at, cause, bindings, values: instance?.values ?? {} };
}
