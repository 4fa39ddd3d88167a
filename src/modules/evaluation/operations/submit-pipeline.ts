import * as z from "zod";
import { Job } from "../../../../contracts/jobs.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { mustFindProject } from "../../access/index.ts";
import { submitJobs } from "../../jobs/index.ts";
import { PipelineStep, pipelineParts } from "../planning/pipeline-parts.ts";
import { repeatedPipeline } from "../planning/repeated-run.ts";

export const submitPipeline = defineOperation({
  action: "evaluation.pipeline.submit",
  effect: "write",
  scope: "runs:write",
  summary:
    "Submit steps that run one after another; `of`, `baseline` and `candidate` name a run or an earlier step",
  input: z.strictObject({
    name: z.string().min(1).max(200),
    projectId: z.string().optional(),
    steps: z.array(PipelineStep).min(1).max(20),
  }),
  output: Job,
  raises: ["not_found", "conflict", "limit_reached"],
  idempotency: "own",
  async run(ctx, { name, steps, ...named }) {
    if (named.projectId !== undefined) await mustFindProject(ctx, named.projectId);
    const before = await repeatedPipeline(ctx, steps, named.projectId);
    if (before !== null) return before;
    const ids = steps.map(() => ctx.newId("job"));
    const { parts, projectId } = await pipelineParts(ctx, steps, ids, named.projectId);
    const jobs = await submitJobs(ctx, [
      ...parts,
      {
        id: ctx.newId("job"),
        type: "PIPELINE",
        projectId,
        lane: "fast",
        payload: { steps: steps.map((step, index) => ({ jobId: ids[index] ?? "", name: step.name })) },
        dependsOn: ids,
        dependencyPolicy: "fail",
        labels: { name },
      },
    ]);
    const pipeline = jobs.at(-1);
    if (pipeline === undefined) throw problem("internal", "jobs.no_answer", "The job object gave no answer.");
    return pipeline;
  },
});
