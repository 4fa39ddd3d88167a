import type { JobRow } from "./job-row.ts";
import { linkKey } from "./link-keys.ts";
import { asideKeyOf, parkKeyOf, queueKeyOf } from "./queue-key.ts";
import { claimableSteps, leasedChunks } from "./steps.rules.ts";
import { isRunning } from "./transitions.rules.ts";
import type { Work } from "./work.ts";

/** A job gains one level of priority for every five minutes that it waits. */
export const levelMs = 300_000;
const admittedAtOnce = 50;

/** What keeps a job from being ready: its start, dependencies, or the jobs before it in its serial key. */
export function holdOf(work: Work, job: JobRow): "time" | "dependency" | null {
  if (job.runAt > work.now) return "time";
  if (job.waitsFor > 0 || !isSerialTurn(work, job)) return "dependency";
  return null;
}

function isSerialTurn(work: Work, job: JobRow): boolean {
  const { tenantId, projectId, serialKey } = job.spec;
  if (serialKey === undefined || job.serialSeq === 0) return true;
  const [first] = work.store.links(linkKey.serial(tenantId, projectId, serialKey), 0, 1);
  return first === undefined || first.seq === job.serialSeq;
}

/** Puts a job that nobody runs where it belongs now: waiting for its start, blocked, parked, or in its queue. */
export function place(work: Work, job: JobRow): void {
  const hold = holdOf(work, job);
  if (hold === "time") {
    if (job.state !== "SCHEDULED") work.move(job, "SCHEDULED", null, "job.updated", { runAt: job.runAt });
    return;
  }
  if (hold === "dependency") {
    if (job.state !== "BLOCKED" || job.reason !== "dependency") {
      work.move(job, "BLOCKED", "dependency", "job.blocked");
    }
    return;
  }
  enqueue(work, job);
}

/** Puts a job with claimable steps in its queue, or parks it until its concurrency key has a place. */
export function enqueue(work: Work, job: JobRow): void {
  if (job.rank === 0) job.rank = work.now - job.spec.priority * levelMs;
  if (!takeSlot(work, job)) {
    park(work, job);
    return;
  }
  if (job.state !== "READY" && job.state !== "LEASED") work.move(job, "READY", null, "job.ready");
  requeue(work, job);
}

/** Brings the job's queue in line with what can be claimed of it. */
export function requeue(work: Work, job: JobRow): void {
  job.queue = claimableSteps(job) > 0 ? queueKeyOf(job) : null;
  work.touch(job);
}

/** Takes a place of the concurrency key unless the job has one or needs none. */
function takeSlot(work: Work, job: JobRow): boolean {
  const { tenantId, concurrencyKey } = job.spec;
  if (concurrencyKey === undefined || job.slot) return true;
  const use = work.keyUse(tenantId, concurrencyKey);
  if (use.admitted >= keyLimit(work, tenantId, concurrencyKey)) return false;
  use.admitted += 1;
  work.writeKeyUse(tenantId, concurrencyKey, use);
  job.slot = true;
  work.touch(job);
  return true;
}

function park(work: Work, job: JobRow): void {
  const { tenantId, concurrencyKey = "" } = job.spec;
  const queue = parkKeyOf(tenantId, concurrencyKey);
  if (job.queue !== queue) {
    const use = work.keyUse(tenantId, concurrencyKey);
    use.parked += 1;
    work.writeKeyUse(tenantId, concurrencyKey, use);
  }
  job.queue = queue;
  if (job.state !== "BLOCKED" || job.reason !== "concurrency") {
    work.move(job, "BLOCKED", "concurrency", "job.blocked");
  }
  work.touch(job);
}

/** A job whose key has as many running jobs as it may gives its place in the queue back. */
export function parkIfKeyIsFull(work: Work, job: JobRow): boolean {
  const { tenantId, concurrencyKey } = job.spec;
  if (concurrencyKey === undefined || isRunning(job.state)) return false;
  const use = work.keyUse(tenantId, concurrencyKey);
  if (use.running < keyLimit(work, tenantId, concurrencyKey)) return false;
  use.admitted -= 1;
  work.writeKeyUse(tenantId, concurrencyKey, use);
  job.slot = false;
  park(work, job);
  return true;
}

/** Takes a job that no budget can pay out of the others' way, until the limits change. */
export function setAside(work: Work, job: JobRow): void {
  unqueue(work, job);
  if (leasedChunks(job).length > 0) return;
  job.queue = asideKeyOf(job.spec.tenantId);
  if (job.state !== "BLOCKED" || job.reason !== "budget") work.move(job, "BLOCKED", "budget", "job.blocked");
}

/** Puts some of the jobs that were set aside back; says whether there may be more. */
export function bringBack(work: Work, tenantId: string, limit: number): boolean {
  const jobs = work.heads(asideKeyOf(tenantId), limit);
  for (const job of jobs) enqueue(work, job);
  return jobs.length === limit;
}

/** Takes a job out of every queue; its place of the concurrency key goes to the next that waits for it. */
export function unqueue(work: Work, job: JobRow): void {
  const { tenantId, concurrencyKey } = job.spec;
  const wasParked = concurrencyKey !== undefined && job.queue === parkKeyOf(tenantId, concurrencyKey);
  job.queue = null;
  work.touch(job);
  if (concurrencyKey === undefined) return;
  const use = work.keyUse(tenantId, concurrencyKey);
  if (wasParked) use.parked -= 1;
  if (job.slot) use.admitted -= 1;
  work.writeKeyUse(tenantId, concurrencyKey, use);
  if (!job.slot) return;
  job.slot = false;
  admit(work, tenantId, concurrencyKey);
}

/** Lets parked jobs in while their key has places; says whether more could follow. */
export function admit(work: Work, tenantId: string, concurrencyKey: string): boolean {
  const queue = parkKeyOf(tenantId, concurrencyKey);
  for (let admitted = 0; admitted < admittedAtOnce; admitted++) {
    const use = work.keyUse(tenantId, concurrencyKey);
    if (use.parked <= 0 || use.admitted >= keyLimit(work, tenantId, concurrencyKey)) return false;
    const [job] = work.heads(queue, 1);
    if (job === undefined) return false;
    use.parked -= 1;
    work.writeKeyUse(tenantId, concurrencyKey, use);
    job.queue = null;
    enqueue(work, job);
  }
  return true;
}

/** How many jobs of a concurrency key may run at once. */
export function keyLimit(work: Work, tenantId: string, concurrencyKey: string): number {
  const limits = work.config.tenants[tenantId];
  return limits?.keys?.[concurrencyKey] ?? limits?.keyDefault ?? 1;
}
