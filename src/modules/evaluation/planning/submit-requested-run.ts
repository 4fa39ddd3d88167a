import type { Job } from "../../../../contracts/jobs.ts";
import type { RunRequest } from "../../../../contracts/runs.ts";
import type { Ctx } from "../../../kernel/context.ts";
import { submitJob } from "../../jobs/index.ts";
import { planRun } from "./plan-run.ts";
import { repeatedRun } from "./repeated-run.ts";
import { submissionOf } from "./submission-of.ts";

/** Plans a run, refuses what can be refused beforehand, and submits its job; a repeat is answered with that job. */
export async function submitRequestedRun(ctx: Ctx, request: RunRequest): Promise<Job> {
  const before = await repeatedRun(ctx, request);
  if (before !== null) return before;
  return submitJob(ctx, submissionOf(await planRun(ctx, request), request, "EVALUATION"));
}
