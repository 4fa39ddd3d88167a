import * as z from "zod";
import { GatePolicy } from "../../../../contracts/comparison.ts";
import { Job } from "../../../../contracts/jobs.ts";
import { RunRequest } from "../../../../contracts/runs.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { submitJob } from "../../jobs/index.ts";
import { planRun } from "../planning/plan-run.ts";
import { repeatedRun } from "../planning/repeated-run.ts";
import { submissionOf } from "../planning/submission-of.ts";
import { mustFindRun } from "../summary/run-scores-of.ts";

export const submitRegression = defineOperation({
  action: "evaluation.regression.submit",
  effect: "write",
  scope: "runs:write",
  summary: "Submit a regression test: an evaluation that is then held against a baseline run by a gate",
  input: z.strictObject({ ...RunRequest.shape, baseline: z.string(), policy: GatePolicy }),
  output: Job,
  raises: ["not_found", "conflict", "limit_reached"],
  idempotency: "own",
  async run(ctx, { baseline, policy, ...request }) {
    const before = await repeatedRun(ctx, request);
    if (before !== null) return before;
    await mustFindRun(ctx, baseline, "/baseline");
    const plan = await planRun(ctx, request);
    const config = { ...plan.config, gate: { baseline, policy } };
    return submitJob(ctx, submissionOf({ ...plan, config }, request, "REGRESSION"));
  },
});
