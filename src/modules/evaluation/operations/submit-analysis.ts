import * as z from "zod";
import { Job } from "../../../../contracts/jobs.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { mustChangeWithin, projectOf } from "../../../kernel/project-reach.ts";
import { submitJob } from "../../jobs/index.ts";
import { mustFindRun } from "../summary/run-scores-of.ts";

export const submitAnalysis = defineOperation({
  action: "evaluation.analysis.submit",
  effect: "write",
  scope: "runs:write",
  summary: "Submit the analysis of a run as a job whose findings are kept as a report",
  input: z.strictObject({ runId: z.string() }),
  output: Job,
  raises: ["not_found", "forbidden"],
  idempotency: "own",
  async run(ctx, { runId }) {
    const { projectId } = await mustFindRun(ctx, runId, "/runId");
    mustChangeWithin(ctx.actor, projectOf(projectId));
    return submitJob(ctx, { type: "ANALYSIS", projectId, lane: "fast", payload: { runId } });
  },
});
