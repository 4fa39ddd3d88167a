import { type Session, systemCtx } from "../context.ts";
import { sha256Json } from "../kernel/hash.ts";
import { problem } from "../kernel/problem.ts";
import { submitRequestedRun } from "../modules/evaluation/index.ts";
import type { SchedulerEntry } from "../modules/schedules/index.ts";

/**
 * Does what a schedule is for; the run's key, or its scheduled time, makes doing it twice the same. Answers the id of the
 * job, where it is one. @throws not_found `rules.not_at_work`
 */
export async function startScheduled(
  session: Session,
  tenantId: string,
  { action, projectId }: SchedulerEntry,
  { key: runKey, scheduledFor }: { readonly key: string; readonly scheduledFor: number },
): Promise<string | null> {
  if (action.kind === "rule") {
    if (await session.ports.engine.run(tenantId, action.lineage, scheduledFor)) return null;
    throw problem("not_found", "rules.not_at_work", "The rule was not at work when it came due.");
  }
  const system = systemCtx(session, tenantId, "evaluation.run.submit");
  const ctx = { ...system, idempotency: { key: runKey, bodyHash: await sha256Json({ runKey }) } };
  const request = projectId === null ? action.run : { ...action.run, projectId };
  return (await submitRequestedRun(ctx, request)).id;
}

/** Whether the job of an earlier run is still alive. */
export async function isRunGoing(session: Session, tenantId: string, jobId: string): Promise<boolean> {
  const found = await session.ports.jobs.find(tenantId, jobId);
  return found !== null && (found.job.status === "QUEUED" || found.job.status === "RUNNING");
}

/** Cancels the job of an earlier run, because a new one replaces it. */
export async function stopScheduled(session: Session, tenantId: string, jobId: string): Promise<void> {
  await session.ports.jobs.execute(tenantId, {
    type: "cancel",
    tenantId,
    jobId,
    reason: "replaced by the next scheduled run",
    audit: { actor: "system:scheduler" },
  });
}
