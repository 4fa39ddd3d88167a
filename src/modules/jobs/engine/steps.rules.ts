import type { JobRow, OpenChunk } from "./job-row.ts";
import { isFinal } from "./transitions.rules.ts";

/** How many leases the job could use now: chunks that wait for a worker or aren't cut yet, within its own limit. */
export function claimableSteps(job: JobRow): number {
  let pending = 0;
  let leased = 0;
  for (const chunk of job.chunks) {
    if (chunk.state === "pending") pending += 1;
    else if (chunk.state === "leased") leased += 1;
  }
  const uncut = Math.ceil((job.spec.units - job.cursor) / job.spec.chunkUnits);
  return Math.max(0, Math.min(pending + uncut, job.spec.maxParallel - leased));
}

/** The chunks that workers have now. */
export function leasedChunks(job: JobRow): OpenChunk[] {
  return job.chunks.filter((chunk) => chunk.state === "leased");
}

/** The chunk that a worker gets next: one that came back, or a new one cut from the units that are left. */
export function nextChunk(job: JobRow): OpenChunk | undefined {
  const back = job.chunks.find((chunk) => chunk.state === "pending");
  if (back !== undefined) return back;
  if (job.cursor >= job.spec.units) return undefined;
  const to = Math.min(job.cursor + job.spec.chunkUnits, job.spec.units);
  const chunk = newChunk(job, "work", job.cursor, to, ".".repeat(to - job.cursor));
  job.cursor = to;
  return chunk;
}

/** Opens a pending chunk. */
export function newChunk(
  job: JobRow,
  kind: OpenChunk["kind"],
  from: number,
  to: number,
  marks: string,
): OpenChunk {
  const chunk: OpenChunk = {
    index: job.nextChunk,
    kind,
    from,
    to,
    marks,
    state: "pending",
    attempt: 0,
    losses: 0,
    suspect: false,
    refs: [],
    costMicros: 0,
  };
  job.nextChunk += 1;
  job.chunks.push(chunk);
  return chunk;
}

/** How many units of a chunk have no outcome yet. */
export function unitsLeft(chunk: OpenChunk): number {
  let left = 0;
  for (const mark of chunk.marks) if (mark === ".") left += 1;
  return left;
}

/** The units of a chunk whose outcome has been recorded. */
export function unitsDone(chunk: OpenChunk): number[] {
  const done: number[] = [];
  for (let i = 0; i < chunk.marks.length; i++) if (chunk.marks[i] !== ".") done.push(chunk.from + i);
  return done;
}

/**
 * The next time the job must be looked at: its start, the end of a wait or a lease, its expiry, its timeouts; null
 * when only a command can move it. Ended jobs keep the time of their removal.
 */
export function dueOf(job: JobRow): number | null {
  if (isFinal(job.state)) return job.due;
  const { spec } = job;
  let due = Number.POSITIVE_INFINITY;
  const at = (time: number | undefined) => {
    if (time !== undefined && time < due) due = time;
  };
  if (job.state === "SCHEDULED") at(job.runAt);
  if (job.state !== "CANCELLING") {
    if (job.startedAt === null) at(spec.expiresAt);
    else if (spec.timeoutMs !== undefined) at(job.startedAt + spec.timeoutMs);
    if (spec.maxTotalMs !== undefined) at(job.createdAt + spec.maxTotalMs);
  }
  for (const chunk of job.chunks) at(chunk.lease?.until ?? chunk.wait?.until);
  return due === Number.POSITIVE_INFINITY ? null : due;
}

/** While a lease is extended its older, earlier due time stays: an early look costs less than an index write. */
export function nextDue(job: JobRow, now: number): number | null {
  const exact = dueOf(job);
  const early = job.due !== null && job.due > now && exact !== null && job.due < exact;
  return early && job.state === "LEASED" ? job.due : exact;
}
