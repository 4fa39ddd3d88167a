import type { JobError, JobEventType, JobState } from "../../../../contracts/jobs.ts";
import type { Json } from "../../../kernel/json.ts";
import type { ChunkRow, JobRow, OpenChunk } from "./job-row.ts";
import { endLease } from "./leases.rules.ts";
import { linkKey } from "./link-keys.ts";
import { place, unqueue } from "./placing.rules.ts";
import { progressOf, snapshotOf } from "./snapshot.ts";
import type { Work } from "./work.ts";

const dayMs = 86_400_000;
const retentionMs = 7 * dayMs;
export const leastDeadRetentionMs = 30 * dayMs;

export type FinalState = Extract<JobState, "SUCCEEDED" | "FAILED" | "DEAD" | "EXPIRED" | "CANCELLED">;

const eventOf: Readonly<Record<FinalState, JobEventType>> = {
  SUCCEEDED: "job.succeeded",
  FAILED: "job.failed",
  DEAD: "job.dead",
  EXPIRED: "job.expired",
  CANCELLED: "job.cancelled",
};

/** Ends a job: leases are taken away, places and keys are passed on, dependents are told, removal is dated. */
export function finish(
  work: Work,
  job: JobRow,
  state: FinalState,
  reason: string | null,
  error?: JobError,
): void {
  for (const chunk of [...job.chunks]) abandon(work, job, chunk);
  job.chunks = [];
  if (error !== undefined) job.error = error;
  job.finishedAt = work.now;
  job.due = removalOf(work, job, state);
  work.move(job, state, reason, eventOf[state], endingOf(job));
  unqueue(work, job);
  leaveLists(work, job);
  if (job.hasDependents) work.hot.chores.push({ kind: "dependents", key: job.id, after: 0 });
  const snapshot = snapshotOf(job);
  work.effects.push({ kind: "finished", key: `finished:${job.id}`, job: snapshot });
  if (job.spec.callback !== undefined) {
    work.effects.push({
      kind: "webhook",
      key: `webhook:${job.id}:${job.events}`,
      tenantId: job.spec.tenantId,
      url: job.spec.callback.url,
      secretRef: job.spec.callback.secretRef ?? null,
      event: eventOf[state],
      job: snapshot,
    });
  }
}

/** What a replay needs of an ending. */
function endingOf(job: JobRow): Record<string, Json> {
  return {
    progress: { ...progressOf(job) },
    costMicros: job.costMicros,
    ...(job.resultRef === null ? {} : { resultRef: job.resultRef }),
    ...(job.error === null ? {} : { error: { ...job.error } }),
  };
}

/** Closes an open chunk that nobody will finish, keeping what was recorded of it. */
function abandon(work: Work, job: JobRow, chunk: OpenChunk): void {
  endLease(work, job, chunk, "taken away");
  const recorded = chunk.refs.length > 0 || /[desp]/.test(chunk.marks);
  if (recorded) work.store.insertChunk(closedChunk(work, job, chunk, 0, "abandoned"));
}

/** The row of a chunk that takes no more reports; `token` is the lease that closed it, 0 when none did. */
export function closedChunk(
  work: Work,
  job: JobRow,
  chunk: OpenChunk,
  token: number,
  end: ChunkRow["end"],
): ChunkRow {
  const { index, kind, from, to, marks, costMicros } = chunk;
  const attempts = chunk.attempt + chunk.losses + (end === "complete" ? 1 : 0);
  return {
    jobId: job.id,
    index,
    kind,
    from,
    to,
    marks,
    refs: [...chunk.refs],
    token,
    attempts,
    costMicros,
    at: work.now,
    end,
  };
}

/** An idempotency key is held for a day at least, so its job is too. */
function removalOf(work: Work, job: JobRow, state: FinalState): number {
  const limits = work.config.tenants[job.spec.tenantId];
  const ended = work.now;
  if (state === "SUCCEEDED" || state === "CANCELLED") {
    return Math.max(ended + (limits?.retentionMs ?? retentionMs), job.createdAt + dayMs);
  }
  return ended + Math.max(leastDeadRetentionMs, limits?.deadRetentionMs ?? 0);
}

function leaveLists(work: Work, job: JobRow): void {
  const { tenantId, projectId, dedup, serialKey, serialPolicy } = job.spec;
  if (dedup !== undefined) work.store.removeLink(linkKey.dedup(job.spec, dedup.key), job.seq);
  const endedBadly = job.state === "DEAD" || job.state === "FAILED" || job.state === "EXPIRED";
  if (endedBadly) work.store.addLink(linkKey.dead(tenantId), job.seq, job.id);
  if (dedup !== undefined) passDedupOn(work, job, dedup.key);
  if (serialKey !== undefined && !(endedBadly && serialPolicy === "block")) {
    leaveSerial(work, job, projectId, serialKey);
  }
}

/** The last job kept behind an active one of its dedup key starts when that one has ended. */
function passDedupOn(work: Work, job: JobRow, key: string): void {
  for (const link of work.store.links(linkKey.dedup(job.spec, key), 0, 2)) {
    const next = work.findJob(link.jobId);
    if (next?.behind !== job.id || next.finishedAt !== null) continue;
    delete next.behind;
    dependencyMet(work, next);
  }
}

/** Takes the job out of the list of its serial key and lets the next one go. */
export function leaveSerial(work: Work, job: JobRow, projectId: string, serialKey: string): void {
  if (job.serialSeq === 0) return;
  const key = linkKey.serial(job.spec.tenantId, projectId, serialKey);
  work.store.removeLink(key, job.serialSeq);
  job.serialSeq = 0;
  work.touch(job);
  const [next] = work.store.links(key, 0, 1);
  const waiting = next === undefined ? undefined : work.findJob(next.jobId);
  if (waiting?.state === "BLOCKED" && waiting.reason === "dependency") place(work, waiting);
}

/** Tells some of the jobs that depend on an ended one; says how many, fewer than `limit` when all know. */
export function tellDependents(work: Work, jobId: string, limit: number): number {
  const ended = work.findJob(jobId);
  const links = work.store.links(linkKey.dependents(jobId), 0, limit);
  for (const link of links) {
    const waiting = work.findJob(link.jobId);
    work.store.removeLink(linkKey.dependents(jobId), link.seq);
    if (waiting === undefined) continue;
    if (ended?.state === "SUCCEEDED") dependencyMet(work, waiting);
    else dependencyFailed(work, waiting, jobId);
  }
  return links.length;
}

function dependencyMet(work: Work, job: JobRow): void {
  if (job.finishedAt !== null) return;
  job.waitsFor -= 1;
  work.touch(job);
  if (job.waitsFor === 0 && job.state === "BLOCKED") place(work, job);
}

/** Ends a job whose dependency didn't succeed, as its policy says. */
export function dependencyFailed(work: Work, job: JobRow, dependency: string): void {
  if (job.finishedAt !== null) return;
  if (job.spec.dependencyPolicy === "skip") {
    finish(work, job, "CANCELLED", "dependency_skipped");
    return;
  }
  const message = `The job ${dependency}, on which this one depends, didn't succeed.`;
  finish(work, job, "FAILED", "dependency_failed", { code: "jobs.dependency_failed", message });
}
