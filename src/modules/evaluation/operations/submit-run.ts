import { Job } from "../../../../contracts/jobs.ts";
import { RunRequest } from "../../../../contracts/runs.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { submitRequestedRun } from "../planning/submit-requested-run.ts";

export const submitRun = defineOperation({
  action: "jobs.job.submit",
  effect: "write",
  scope: "runs:write",
  summary: "Submit an evaluation: answers the job; the run is made when the job has succeeded",
  input: RunRequest,
  output: Job,
  raises: ["not_found", "conflict", "limit_reached"],
  idempotency: "own",
  run: submitRequestedRun,
});
