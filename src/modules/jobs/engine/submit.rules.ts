import type { JobState } from "../../../../contracts/jobs.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Json } from "../../../kernel/json.ts";
import type { Failure } from "../../../kernel/problem.ts";
import { cancelQuietly } from "./cancel.rules.ts";
import type { Submission, SubmitCommand } from "./commands.ts";
import { deduplicate } from "./dedup.rules.ts";
import { holdAlias, holdKey, jobOfKey } from "./idempotency.rules.ts";
import type { JobRow, JobSpec } from "./job-row.ts";
import { linkKey } from "./link-keys.ts";
import { enqueue, holdOf } from "./placing.rules.ts";
import type { Outcome, SingleReplies, Submitted } from "./replies.ts";
import { snapshotOf } from "./snapshot.ts";
import { invalidSubmission, specOf, submissionProblems } from "./submission.rules.ts";
import { isFinal } from "./transitions.rules.ts";
import type { Work } from "./work.ts";

/** Takes jobs in, each for itself: an item that is refused leaves nothing behind and doesn't hinder the others. */
export function submit(work: Work, command: SubmitCommand): SingleReplies["submit"] {
  const results = command.items.map((item) => {
    const result = submitOne(work, item);
    if (command.audit !== undefined && result.ok && !result.existing) {
      const entity = `job:${result.jobId}`;
      work.audit(item.tenantId, item.projectId, "jobs.job.submit", entity, command.audit, null, result.job);
    }
    return result;
  });
  return { ok: true, results };
}

function submitOne(work: Work, item: Submission): Outcome<Submitted> {
  const errors = submissionProblems(item, work.now);
  if (errors.length > 0) return { ok: false, failure: invalidSubmission(errors) };
  const spec = specOf(item);
  const before = sameKey(work, spec) ?? sameId(work, item);
  if (before !== null) return before;
  const refusal = familyProblem(work, spec);
  if (refusal !== null) return { ok: false, failure: refusal };
  const settled = deduplicate(work, spec, item);
  if (settled.kind === "answered") return answeredWith(work, settled.outcome, spec);
  if (settled.kind === "replaces") {
    const { job: replaced } = settled;
    if (spec.parentId === replaced.id || spec.dependsOn?.includes(replaced.id) === true) {
      const detail = `It would replace the job ${replaced.id} that it needs.`;
      return { ok: false, failure: { kind: "conflict", code: "jobs.replaces_own_kin", detail } };
    }
    cancelQuietly(work, replaced, "replaced");
  }
  const runAt = settled.runAt ?? item.runAt ?? work.now;
  const job = createJob(work, item.id ?? newJobId(work), spec, runAt, item.payload, settled.behind);
  return accepted(job, false);
}

/** Writes a new job with its links and its first event, in the state where it belongs. */
export function createJob(
  work: Work,
  id: string,
  spec: JobSpec,
  runAt: number,
  payload: Json | undefined,
  behind?: JobRow,
  serialSeq?: number,
): JobRow {
  work.hot.jobSeq += 1;
  const job = newRow(work, id, spec, runAt);
  work.create(job);
  if (spec.payload.kind === "stored" && payload !== undefined) work.store.writePayload(id, payload);
  if (behind !== undefined) {
    job.waitsFor += 1;
    job.behind = behind.id;
  }
  addLinks(work, job, serialSeq);
  const hold = holdOf(work, job);
  const state: JobState = hold === "time" ? "SCHEDULED" : hold === "dependency" ? "BLOCKED" : "READY";
  job.state = state;
  job.reason = state === "BLOCKED" ? "dependency" : null;
  work.emit(job, "job.submitted", { state, reason: job.reason, units: spec.units });
  if (state === "READY") enqueue(work, job);
  return job;
}

/** An id that sorts by time, from the decision's own clock and chance. */
export function newJobId(work: Work): string {
  const bytes = Uint8Array.from({ length: 16 }, () => Math.floor(work.random() * 256));
  return newId("job", work.now, bytes);
}

function newRow(work: Work, id: string, spec: JobSpec, runAt: number): JobRow {
  return {
    id,
    seq: work.hot.jobSeq,
    createdAt: work.now,
    spec,
    state: "READY",
    reason: null,
    queue: null,
    rank: 0,
    due: null,
    runAt,
    events: 0,
    lastEvent: 0,
    cursor: 0,
    nextChunk: 0,
    chunks: [],
    done: 0,
    failed: 0,
    skipped: 0,
    costMicros: 0,
    attempt: 0,
    startedAt: null,
    finishedAt: null,
    waitsFor: 0,
    hasDependents: false,
    hasChildren: false,
    serialSeq: 0,
    slot: false,
    rateSince: null,
    resultRef: null,
    error: null,
    deadUnits: [],
    log: [],
    lost: [],
    endToken: 0,
  };
}

function addLinks(work: Work, job: JobRow, serialSeq = job.seq): void {
  const { spec, id, seq } = job;
  const { store } = work;
  if (spec.idempotency !== undefined) holdKey(work, job, spec.idempotency);
  if (spec.dedup !== undefined) store.addLink(linkKey.dedup(spec, spec.dedup.key), seq, id);
  if (spec.serialKey !== undefined) {
    job.serialSeq = serialSeq;
    store.addLink(linkKey.serial(spec.tenantId, spec.projectId, spec.serialKey), serialSeq, id);
  }
  if (spec.parentId !== undefined) {
    store.addLink(linkKey.children(spec.parentId), seq, id);
    const parent = work.findJob(spec.parentId);
    if (parent !== undefined && !parent.hasChildren) {
      parent.hasChildren = true;
      work.touch(parent);
    }
  }
  for (const dependency of spec.dependsOn ?? []) {
    const other = work.findJob(dependency);
    if (other === undefined || other.state === "SUCCEEDED") continue;
    job.waitsFor += 1;
    store.addLink(linkKey.dependents(dependency), seq, id);
    if (!other.hasDependents) {
      other.hasDependents = true;
      work.touch(other);
    }
  }
}

/** The answer to a submission; `existing` when a job of before stands for it. */
export function accepted(job: JobRow, existing: boolean): Outcome<Submitted> {
  return { ok: true, jobId: job.id, state: job.state, existing, job: snapshotOf(job) };
}

/** A key that led to a job of the same dedup key leads to it again. */
function answeredWith(work: Work, outcome: Outcome<Submitted>, spec: JobSpec): Outcome<Submitted> {
  const job = outcome.ok ? work.findJob(outcome.jobId) : undefined;
  if (job !== undefined && spec.idempotency !== undefined) holdAlias(work, job, spec.idempotency);
  return outcome;
}

/** The same key in the same scope: the same job, or a refusal when something else was asked for. */
function sameKey(work: Work, spec: JobSpec): Outcome<Submitted> | null {
  if (spec.idempotency === undefined) return null;
  const before = jobOfKey(work, spec.idempotency);
  if (before === null) return null;
  if (before.sameBody) return accepted(before.job, true);
  return { ok: false, failure: keyOfAnother(before.job.id) };
}

/** The refusal of a key that belongs to a job of another request. */
export function keyOfAnother(jobId: string): Failure {
  const pointer = "/header/Idempotency-Key";
  return {
    kind: "invalid_input",
    code: "idempotency.other_body",
    detail: "This Idempotency-Key was used with another request. Use a new key.",
    errors: [{ pointer, code: "reused", message: `It belongs to the job ${jobId}.` }],
    data: { jobId },
  };
}

/** A job id that the caller chose is as good as a key: a repeated submit finds its job. */
function sameId(work: Work, item: Submission): Outcome<Submitted> | null {
  if (item.id === undefined) return null;
  const job = work.findJob(item.id);
  if (job === undefined) return null;
  if (job.spec.tenantId === item.tenantId && job.spec.projectId === item.projectId)
    return accepted(job, true);
  return { ok: false, failure: { kind: "conflict", code: "jobs.id_taken", detail: "The job id is taken." } };
}

/** Parents and dependencies must be there, in the same tenant; a failed dependency or an ended parent refuses. */
function familyProblem(work: Work, spec: JobSpec): Failure | null {
  const own = (id: string) => {
    const job = work.findJob(id);
    return job?.spec.tenantId === spec.tenantId ? job : undefined;
  };
  if (spec.parentId !== undefined) {
    const parent = own(spec.parentId);
    if (parent === undefined) return unknownJob("/parentId", spec.parentId);
    if (isFinal(parent.state) || parent.state === "CANCELLING") {
      return { ...ended("/parentId", parent), detail: `The parent ${parent.id} takes no more children.` };
    }
  }
  for (const [index, id] of (spec.dependsOn ?? []).entries()) {
    const other = own(id);
    if (other === undefined) return unknownJob(`/dependsOn/${index}`, id);
    if (isFinal(other.state) && other.state !== "SUCCEEDED") return ended(`/dependsOn/${index}`, other);
  }
  return null;
}

function unknownJob(pointer: string, id: string): Failure {
  return {
    kind: "invalid_input",
    code: "jobs.unknown_job",
    detail: `There is no job ${id}.`,
    errors: [{ pointer, code: "unknown", message: `There is no job ${id}.` }],
  };
}

function ended(pointer: string, job: JobRow): Failure {
  const message = `The job ${job.id} has ended as ${job.state}.`;
  return {
    kind: "conflict",
    code: "jobs.already_ended",
    detail: message,
    errors: [{ pointer, code: "ended", message }],
    data: { state: job.state, jobId: job.id },
  };
}
