import { type Session, systemCtx } from "../../src/context.ts";
import { newId } from "../../src/kernel/ids.ts";
import { runStep } from "../../src/modules/jobs/index.ts";
import { Permit } from "../../src/platform/lanes.ts";
import { laneOf } from "../../src/platform/objects.ts";
import { jobHandlers } from "../../src/reactions/job-handlers.ts";
import { defineQueue } from "../kit/define-queue.ts";

/** Steps taken with one turn: many small ones, or few that wait for a model. */
const stepsPerTurn: Readonly<Record<string, number>> = { fast: 10, llm: 2, bulk: 1 };

/** Uses one turn: claims what the tenant should run now, works on it, and gives the turn back. */
async function useTurn(session: Session, permit: Permit): Promise<void> {
  const { tenantId, lane, permitId } = permit;
  const workerId = newId("wrk", session.now);
  try {
    const { steps } = await session.ports.jobs.execute(tenantId, {
      type: "claim",
      lane,
      max: stepsPerTurn[lane] ?? 1,
      workerId,
      permits: { [tenantId]: 1 },
    });
    await Promise.all(
      steps.map((step) => {
        const ctx = systemCtx(session, tenantId, "evaluation.run.create", step.trace ?? undefined);
        const waitedS = (session.now.getTime() - step.createdAt) / 1000;
        if (step.chunk.index === 0 && step.attempt === 1) {
          session.ports.meter.observe("maru_job_wait_seconds", Math.max(0, waitedS), {
            tenant_id: tenantId,
            type: step.type,
          });
        }
        return runStep(ctx, step, jobHandlers[step.type]);
      }),
    );
  } finally {
    await laneOf(session.env, lane).giveBack([permitId]);
  }
}

const policy = { baseMs: 1_000, capMs: 60_000, maxAttempts: 10 };

export const workQueues = ["maru-work-fast", "maru-work-llm", "maru-work-bulk", "maru-work-watch"].map(
  (name) => defineQueue({ name, message: Permit, retry: policy, handle: useTurn }),
);
