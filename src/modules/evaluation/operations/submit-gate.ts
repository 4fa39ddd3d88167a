import * as z from "zod";
import { GatePolicy } from "../../../../contracts/comparison.ts";
import { Job } from "../../../../contracts/jobs.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { mustChangeWithin, projectOf } from "../../../kernel/project-reach.ts";
import { submitJob } from "../../jobs/index.ts";
import { mustFindRun } from "../summary/run-scores-of.ts";

export const submitGate = defineOperation({
  action: "evaluation.gate.submit",
  effect: "write",
  scope: "runs:write",
  summary: "Submit a gate over two runs as a job whose sealed verdict is kept as a report",
  input: z.strictObject({
    baseline: z.string().nullable().default(null),
    candidate: z.string(),
    policy: GatePolicy,
  }),
  output: Job,
  raises: ["not_found", "forbidden"],
  idempotency: "own",
  async run(ctx, { baseline, candidate, policy }) {
    if (baseline !== null) await mustFindRun(ctx, baseline, "/baseline");
    const { projectId } = await mustFindRun(ctx, candidate, "/candidate");
    mustChangeWithin(ctx.actor, projectOf(projectId));
    const payload = JSON.parse(JSON.stringify({ baseline, candidate, policy }));
    return submitJob(ctx, { type: "GATE", projectId, lane: "fast", payload });
  },
});
