import type { Job } from "../../../../contracts/jobs.ts";
import type { RunRequest } from "../../../../contracts/runs.ts";
import type { Ctx } from "../../../kernel/context.ts";
import { AppError } from "../../../kernel/problem.ts";
import { sharedProject } from "../../../kernel/project-reach.ts";
import { mustFindDatasetVersion } from "../../datasets/index.ts";
import { submittedBefore } from "../../jobs/index.ts";
import type { PipelineStep } from "./pipeline-parts.ts";

/** The job of this request when its `Idempotency-Key` repeats it; a data set that is gone is left to the planning. */
export async function repeatedRun(
  ctx: Ctx,
  request: Pick<RunRequest, "projectId" | "dataset">,
): Promise<Job | null> {
  if (ctx.idempotency === undefined) return null;
  if (request.projectId !== undefined) return submittedBefore(ctx, request.projectId);
  const found = await mustFindDatasetVersion(ctx, request.dataset).catch((error: unknown) => {
    if (error instanceof AppError && error.kind === "not_found") return null;
    throw error;
  });
  return found === null ? null : submittedBefore(ctx, found.dataset.projectId ?? sharedProject);
}

/** The pipeline of this request when its `Idempotency-Key` repeats it: the limits are met once, as with a run. */
export async function repeatedPipeline(
  ctx: Ctx,
  steps: readonly PipelineStep[],
  projectId: string | undefined,
): Promise<Job | null> {
  if (projectId !== undefined) return submittedBefore(ctx, projectId);
  const first = steps.find((step) => step.do === "evaluate");
  return first === undefined ? submittedBefore(ctx, sharedProject) : repeatedRun(ctx, first.run);
}
