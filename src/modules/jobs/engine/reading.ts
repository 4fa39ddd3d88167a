import type { JobEvent } from "../../../../contracts/jobs.ts";
import type { Json } from "../../../kernel/json.ts";
import type { DeadFilter } from "./commands.ts";
import { pageOfDead } from "./dead.rules.ts";
import type { JobSnapshot } from "./effects.ts";
import type { AttemptRecord, ChunkRow, JobEdits, JobRow, Payload } from "./job-row.ts";
import type { HotState, JobStore } from "./job-store.ts";
import { queuePartsOf } from "./queue-key.ts";
import { snapshotOf } from "./snapshot.ts";
import { reasonCodeOf } from "./transitions.rules.ts";

/** A job as it stands; one that waits behind a closed queue says so too. Null when there is none for the tenant. */
export function viewJob(store: JobStore, tenantId: string, jobId: string): JobSnapshot | null {
  const job = ownJob(store, tenantId, jobId);
  if (job === null) return null;
  const snapshot = snapshotOf(job);
  const refused = job.queue === null ? undefined : store.readHot().queues[job.queue]?.refused;
  if (job.state !== "READY" || refused === undefined) return snapshot;
  return { ...snapshot, reasonCode: reasonCodeOf("BLOCKED", refused.reason) };
}

/**
 * A job's events after `jobSeq`, oldest first. They are found by going back from the last one, so the cost follows
 * the number of events missed. Null when there is no such job for the tenant.
 */
export function jobEvents(
  store: JobStore,
  tenantId: string,
  jobId: string,
  jobSeq: number,
  limit: number,
): JobEvent[] | null {
  const job = ownJob(store, tenantId, jobId);
  if (job === null) return null;
  const found: JobEvent[] = [];
  let at = job.lastEvent;
  while (at > 0) {
    const stored = store.findEvent(at);
    if (stored === undefined || stored.jobSeq <= jobSeq) break;
    const { prev, ...event } = stored;
    found.push(event);
    at = prev;
  }
  return found.reverse().slice(0, limit);
}

/** Events of the whole store after a sequence number, for the live view of a tenant. */
export function storeEvents(store: JobStore, seq: number, limit: number): JobEvent[] {
  return store.eventsFrom(seq, limit).map(({ prev: _, ...event }) => event);
}

/** A dead letter with all that helps to understand it. */
export interface DeadLetter {
  readonly job: JobSnapshot;
  readonly payload: Payload;
  /** Absent when the payload stands elsewhere. */
  readonly payloadValue?: Json;
  readonly lastErrors: readonly AttemptRecord[];
  readonly log: readonly AttemptRecord[];
  readonly edits: JobEdits | null;
  readonly purgeAt: number | null;
}

/** An ended job with its payload, its attempts and the edits that wait for a redrive; null when there is none. */
export function inspectDead(store: JobStore, tenantId: string, jobId: string): DeadLetter | null {
  const job = ownJob(store, tenantId, jobId);
  if (job === null || job.finishedAt === null) return null;
  const { payload } = job.spec;
  const value = payload.kind === "inline" ? payload.value : store.findPayload(job.id);
  return {
    job: snapshotOf(job),
    payload,
    ...(value !== undefined && { payloadValue: value }),
    lastErrors: job.log.slice(-5),
    log: job.log,
    edits: job.edits ?? null,
    purgeAt: job.due,
  };
}

/** A page of dead letters; `after` of the reply continues it, null at the end. A page may be short before the end. */
export function deadLetters(
  store: JobStore,
  tenantId: string,
  filter: DeadFilter,
  after: number,
  limit: number,
): { readonly items: readonly JobSnapshot[]; readonly after: number | null } {
  const page = pageOfDead(store, (id) => store.findJob(id), tenantId, filter, after, limit);
  return { items: page.jobs.map(snapshotOf), after: page.after };
}

/** Closed chunks of a job by index: what the finalize step puts together. Chunks that were split carry what they had. */
export function chunkResults(
  store: JobStore,
  tenantId: string,
  jobId: string,
  afterIndex: number,
  limit: number,
): readonly ChunkRow[] {
  return ownJob(store, tenantId, jobId) === null ? [] : store.chunks(jobId, afterIndex, limit);
}

export interface QueueStats {
  readonly tenantId: string;
  readonly projectId: string;
  readonly lane: string;
  readonly provider: string;
  readonly jobs: number;
  readonly steps: number;
  readonly blockedBy: string | null;
  readonly blockedUntil: number | null;
  /** Age of the first job in the queue. */
  readonly headAgeMs: number;
}

/** What waits and what runs, for gauges. */
export function queueStats(
  store: JobStore,
  now: number,
): {
  readonly queues: readonly QueueStats[];
  readonly inFlight: number;
  readonly refusedTransitions: number;
} {
  const hot: HotState = store.readHot();
  const queues = Object.entries(hot.queues).map(([key, use]): QueueStats => {
    const { tenantId, projectId, lane, provider } = queuePartsOf(key);
    const [head] = store.heads(key, 1);
    return {
      ...{ tenantId, projectId, lane, provider, jobs: use.jobs, steps: use.steps },
      blockedBy: use.refused?.reason ?? null,
      blockedUntil: use.refused?.until ?? null,
      headAgeMs: head === undefined ? 0 : Math.max(0, now - head.createdAt),
    };
  });
  const inFlight = Object.values(hot.tenants).reduce((sum, flow) => sum + flow.inFlight, 0);
  return { queues, inFlight, refusedTransitions: hot.refusedTransitions };
}

function ownJob(store: JobStore, tenantId: string, jobId: string): JobRow | null {
  const job = store.findJob(jobId);
  return job?.spec.tenantId === tenantId ? job : null;
}
