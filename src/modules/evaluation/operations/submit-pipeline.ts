import * as z from "zod";
import { GatePolicy } from "../../../../contracts/comparison.ts";
import { Job } from "../../../../contracts/jobs.ts";
import { RunRequest } from "../../../../contracts/runs.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { type SubmissionPart, submitJobs } from "../../jobs/index.ts";
import { planRun } from "../plan-run.ts";
import { runIdOf } from "../run-config.ts";
import { submissionOf } from "../submission-of.ts";

const Step = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("evaluate"), name: z.string().min(1).max(100), run: RunRequest }),
  z.strictObject({ do: z.literal("analyse"), name: z.string().min(1).max(100), of: z.string() }),
  z.strictObject({
    do: z.literal("gate"),
    name: z.string().min(1).max(100),
    baseline: z.string().nullable().default(null),
    candidate: z.string(),
    policy: GatePolicy,
  }),
]);

export const submitPipeline = defineOperation({
  action: "evaluation.pipeline.submit",
  effect: "write",
  scope: "runs:write",
  summary:
    "Submit steps that run one after another; `of`, `baseline` and `candidate` name a run or an earlier step",
  input: z.strictObject({
    name: z.string().min(1).max(200),
    projectId: z.string().optional(),
    steps: z.array(Step).min(1).max(20),
  }),
  output: Job,
  raises: ["not_found", "conflict", "limit_reached"],
  idempotency: "own",
  async run(ctx, { name, steps }) {
    const ids = steps.map(() => ctx.newId("job"));
    const pipelineId = ctx.newId("job");
    const runOf = (named: string, index: number, field: string): string => {
      const earlier = steps
        .slice(0, index)
        .findIndex((step) => step.name === named && step.do === "evaluate");
      const id = ids[earlier];
      if (id !== undefined) return runIdOf(id);
      if (named.startsWith("run_")) return named;
      throw problem(
        "invalid_input",
        "evaluation.pipeline_step",
        `"${named}" is neither a run nor an earlier evaluation.`,
        {
          errors: [
            {
              pointer: `/steps/${index}/${field}`,
              code: "unknown_step",
              message: "Name a run or an earlier step.",
            },
          ],
        },
      );
    };
    const parts: SubmissionPart[] = [];
    let projectId: string | undefined;
    for (const [index, step] of steps.entries()) {
      const id = ids[index] ?? "";
      const previous = ids[index - 1];
      const place = {
        id,
        ...(previous === undefined ? {} : { dependsOn: [previous], dependencyPolicy: "skip" as const }),
      };
      if (step.do === "evaluate") {
        const plan = await planRun(ctx, step.run);
        projectId ??= plan.projectId;
        parts.push({ ...submissionOf(plan, step.run, "EVALUATION"), ...place });
      } else if (step.do === "analyse") {
        parts.push({
          type: "ANALYSIS",
          projectId: projectId ?? "shared",
          lane: "fast",
          payload: { runId: runOf(step.of, index, "of") },
          ...place,
        });
      } else {
        const baseline = step.baseline === null ? null : runOf(step.baseline, index, "baseline");
        const candidate = runOf(step.candidate, index, "candidate");
        const payload = JSON.parse(JSON.stringify({ baseline, candidate, policy: step.policy }));
        parts.push({ type: "GATE", projectId: projectId ?? "shared", lane: "fast", payload, ...place });
      }
    }
    const payload = { steps: steps.map((step, index) => ({ jobId: ids[index] ?? "", name: step.name })) };
    const jobs = await submitJobs(ctx, [
      ...parts,
      {
        id: pipelineId,
        type: "PIPELINE",
        projectId: projectId ?? "shared",
        lane: "fast",
        payload,
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
