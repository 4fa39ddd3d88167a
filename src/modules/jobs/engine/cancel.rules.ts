import type { CancelCommand } from "./commands.ts";
import { finish } from "./finish.rules.ts";
import type { JobRow } from "./job-row.ts";
import { linkKey } from "./link-keys.ts";
import { unknown } from "./refusals.ts";
import type { SingleReplies } from "./replies.ts";
import { snapshotOf } from "./snapshot.ts";
import { leasedChunks } from "./steps.rules.ts";
import { isFinal } from "./transitions.rules.ts";
import type { Work } from "./work.ts";

/**
 * A waiting job ends at once. A running one is asked to stop: its workers learn it from their next report, its leases
 * aren't extended any more, and what was recorded stays. Children follow.
 */
export function cancel(work: Work, command: CancelCommand): SingleReplies["cancel"] {
  const job = work.findJob(command.jobId);
  if (job === undefined || job.spec.tenantId !== command.tenantId) return unknown(command.jobId);
  if (isFinal(job.state)) {
    const detail = `The job has ended as ${job.state}; there is nothing to cancel.`;
    return { ok: false, failure: work.refuseMove(job, "jobs.already_ended", detail) };
  }
  const before = snapshotOf(job);
  if (job.state !== "CANCELLING") {
    stop(work, job, command.audit.actor, "cancelled");
    const entity = `job:${job.id}`;
    const { audit } = command;
    const reason = command.reason ?? audit.reason;
    work.audit(
      job.spec.tenantId,
      job.spec.projectId,
      "jobs.job.cancel",
      entity,
      { ...audit, ...(reason !== undefined && { reason }) },
      before,
      snapshotOf(job),
    );
  }
  return { ok: true, state: job.state, job: snapshotOf(job) };
}

/** Cancels without an actor of its own: a job that is replaced, or the child of a cancelled one. */
export function cancelQuietly(work: Work, job: JobRow, reason: string): void {
  if (!isFinal(job.state) && job.state !== "CANCELLING") stop(work, job, "system", reason);
}

function stop(work: Work, job: JobRow, by: string, reason: string): void {
  job.cancel = { at: work.now, by, reason };
  if (job.hasChildren) work.hot.chores.push({ kind: "children", key: job.id, after: 0 });
  if (job.state !== "LEASED") {
    finish(work, job, "CANCELLED", reason);
    return;
  }
  work.move(job, "CANCELLING", reason, "job.cancelling", { by });
  job.queue = null;
  if (leasedChunks(job).length === 0) finish(work, job, "CANCELLED", reason);
}

/** Cancels some of the children after a position; returns the last position, null when all are done. */
export function cancelChildren(work: Work, parentId: string, after: number, limit: number): number | null {
  const links = work.store.links(linkKey.children(parentId), after, limit);
  for (const link of links) {
    const child = work.findJob(link.jobId);
    if (child !== undefined) cancelQuietly(work, child, "parent_cancelled");
  }
  return links.length === limit ? (links.at(-1)?.seq ?? null) : null;
}
