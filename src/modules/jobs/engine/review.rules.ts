import { gateOf } from "./gates.rules.ts";
import type { JobRow } from "./job-row.ts";
import type { QueueUse, Refusal } from "./job-store.ts";
import { allows } from "./leases.rules.ts";
import { queuePartsOf } from "./queue-key.ts";
import { leasedChunks } from "./steps.rules.ts";
import type { Work } from "./work.ts";

/**
 * Looks at every active queue: a closed gate shows on the job at its head (those behind it show the same when they
 * are read), and a queue whose reason has gone is opened again.
 */
export function reviewQueues(work: Work): void {
  work.flushJobs();
  for (const [key, use] of Object.entries(work.hot.queues)) {
    if (use.refused !== undefined) {
      const still = hasOtherHead(work, key, use.refused) ? null : refusalNow(work, key, use.refused);
      if (still === null) reopen(work, use, use.refused);
      else use.refused = still;
    }
    if (use.refused === undefined) closeIfGateIs(work, key, use);
  }
}

function closeIfGateIs(work: Work, key: string, use: QueueUse): void {
  const gate = gateOf(work, queuePartsOf(key));
  if (gate.open) return;
  const [head] = work.heads(key, 1);
  if (head === undefined) return;
  refuseHead(work, use, head, { reason: gate.reason, until: gate.until, micros: 0, requests: 0, tokens: 0 });
}

/** Notes why the head can't run; the job shows it unless somebody works on another part of it. */
export function refuseHead(work: Work, use: QueueUse, head: JobRow, why: Omit<Refusal, "jobId">): void {
  use.refused = { ...why, jobId: head.id };
  const idle = head.state === "READY" || (head.state === "LEASED" && leasedChunks(head).length === 0);
  if (!idle) return;
  work.move(head, "BLOCKED", why.reason, "job.blocked", why.until === null ? {} : { until: why.until });
}

/** A refusal belongs to the job that was at the head; when another stands there, it is judged anew. */
function hasOtherHead(work: Work, key: string, refused: Refusal): boolean {
  return work.hasMoved(key) && work.heads(key, 1)[0]?.id !== refused.jobId;
}

/** The refusal as it stands now: another time may have come for it. Null when nothing is in the way any more. */
function refusalNow(work: Work, key: string, refused: Refusal): Refusal | null {
  const parts = queuePartsOf(key);
  const gate = gateOf(work, parts);
  if (!gate.open) return { ...refused, until: gate.until };
  if (refused.reason === "paused") return null;
  const demand = { micros: refused.micros, requests: refused.requests, tokens: refused.tokens };
  const verdict = allows(work, parts.tenantId, parts.projectId, parts.provider, demand);
  return verdict.ok ? null : { ...refused, until: verdict.until };
}

function reopen(work: Work, use: QueueUse, refused: Refusal): void {
  delete use.refused;
  const job = work.findJob(refused.jobId);
  if (job?.state !== "BLOCKED" || job.reason !== refused.reason || job.queue === null) return;
  work.move(job, "READY", null, "job.ready");
  work.flushJobs();
}
