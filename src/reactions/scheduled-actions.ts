import { type Session, systemCtx } from "../context.ts";
import { sha256Json } from "../kernel/hash.ts";
import { submitRequestedRun } from "../modules/evaluation/index.ts";
import type { SchedulerEntry } from "../modules/schedules/index.ts";

/** Does what a schedule is for; the run's key makes doing it twice the same job. Answers the job's id. */
export async function startScheduled(
  session: Session,
  tenantId: string,
  { action, projectId }: SchedulerEntry,
  runKey: string,
): Promise<string> {
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
