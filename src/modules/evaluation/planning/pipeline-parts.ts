import * as z from "zod";
import { GatePolicy } from "../../../../contracts/comparison.ts";
import { RunRequest } from "../../../../contracts/runs.ts";
import type { Ctx } from "../../../kernel/context.ts";
import type { Json } from "../../../kernel/json.ts";
import { problem } from "../../../kernel/problem.ts";
import { mustChangeWithin, projectOf, sharedProject } from "../../../kernel/project-reach.ts";
import type { SubmissionPart } from "../../jobs/index.ts";
import { mustFindRun } from "../summary/run-scores-of.ts";
import { planRun, type RunPlan } from "./plan-run.ts";
import { runIdOf } from "./run-config.ts";
import { submissionOf } from "./submission-of.ts";

const name = z.string().min(1).max(100);

/** One step of a pipeline. `of`, `baseline` and `candidate` name a run by its id, or an earlier evaluation. */
export const PipelineStep = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("evaluate"), name, run: RunRequest }),
  z.strictObject({ do: z.literal("analyse"), name, of: z.string() }),
  z.strictObject({
    do: z.literal("gate"),
    name,
    baseline: z.string().nullable().default(null),
    candidate: z.string(),
    policy: GatePolicy,
  }),
]);
export type PipelineStep = z.infer<typeof PipelineStep>;

/**
 * The steps as jobs with these ids, each waiting for the one before, and the project that they belong to: the named
 * one, else that of the first evaluation.
 */
export async function pipelineParts(
  ctx: Ctx,
  steps: readonly PipelineStep[],
  ids: readonly string[],
  named: string | undefined,
): Promise<{ readonly parts: SubmissionPart[]; readonly projectId: string }> {
  const plans = await plansOf(ctx, steps, named);
  const projectId = named ?? plans.find((plan) => plan !== null)?.projectId ?? sharedProject;
  mustChangeWithin(ctx.actor, projectOf(projectId));
  const parts: SubmissionPart[] = [];
  for (const [index, step] of steps.entries()) {
    const previous = ids[index - 1];
    const after = previous === undefined ? {} : { dependsOn: [previous], dependencyPolicy: "skip" as const };
    const plan = plans[index];
    const part =
      step.do === "evaluate" && plan
        ? submissionOf(plan, step.run, "EVALUATION")
        : { ...(await reportPart(ctx, steps, ids, index)), projectId };
    parts.push({ ...part, ...after, id: ids[index] ?? ctx.newId("job") });
  }
  return { parts, projectId };
}

async function plansOf(ctx: Ctx, steps: readonly PipelineStep[], named: string | undefined) {
  const plans: (RunPlan | null)[] = [];
  for (const step of steps) {
    const project = named === undefined ? {} : { projectId: named };
    plans.push(step.do === "evaluate" ? await planRun(ctx, { ...project, ...step.run }) : null);
  }
  return plans;
}

async function reportPart(ctx: Ctx, steps: readonly PipelineStep[], ids: readonly string[], index: number) {
  const step = steps[index];
  const runOf = (ref: string, field: string) => runNamed(ctx, steps, ids, index, ref, field);
  if (step?.do === "gate") {
    const baseline = step.baseline === null ? null : await runOf(step.baseline, "baseline");
    const candidate = await runOf(step.candidate, "candidate");
    const payload: Json = JSON.parse(JSON.stringify({ baseline, candidate, policy: step.policy }));
    return { type: "GATE" as const, lane: "fast", payload };
  }
  const runId = await runOf(step?.do === "analyse" ? step.of : "", "of");
  return { type: "ANALYSIS" as const, lane: "fast", payload: { runId } };
}

/** The run that a step means: that of an earlier evaluation, made by then, or one that is there already. */
async function runNamed(
  ctx: Ctx,
  steps: readonly PipelineStep[],
  ids: readonly string[],
  index: number,
  ref: string,
  field: string,
): Promise<string> {
  const earlier = steps.slice(0, index).findIndex((step) => step.do === "evaluate" && step.name === ref);
  const id = ids[earlier];
  if (id !== undefined) return runIdOf(id);
  if (ref.startsWith("run_")) return (await mustFindRun(ctx, ref, `/steps/${index}/${field}`)).id;
  const detail = `"${ref}" is neither a run nor an earlier evaluation.`;
  throw problem("invalid_input", "evaluation.pipeline_step", detail, {
    errors: [
      {
        pointer: `/steps/${index}/${field}`,
        code: "unknown_step",
        message: "Name a run or an earlier step.",
      },
    ],
  });
}
