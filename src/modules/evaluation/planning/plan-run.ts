import type { EvaluationCase } from "../../../../contracts/evaluation-case.ts";
import type { RunRequest } from "../../../../contracts/runs.ts";
import type { Ctx } from "../../../kernel/context.ts";
import { AppError, type FieldProblem, problem } from "../../../kernel/problem.ts";
import { mustChangeWithin, sharedProject } from "../../../kernel/project-reach.ts";
import { mustFindProject } from "../../access/index.ts";
import { datasetReader, mustBeUsable, mustFindDatasetVersion } from "../../datasets/index.ts";
import { countEvaluations, mustTakeCallback, spentBetween } from "../../jobs/index.ts";
import { checkSubmission, findPolicy, localPeriods, previewCost } from "../../policy/index.ts";
import { linkOf, mustFindProfile, type Profile, pricesOf } from "../../profiles/index.ts";
import { estimateCostMicros, type PriceEntry, priceOf, withPrices } from "../judging/prices.rules.ts";
import { estimateJudgeCall } from "../judging/tokens.rules.ts";
import { allMetrics } from "../metrics/registry.ts";
import { type PlannedMetric, planMetrics, runMetrics } from "./plan.rules.ts";
import type { RunConfig } from "./run-config.ts";

/** Cases looked at for the estimate; the rest are taken to be like them. */
const sampleSize = 40;
/** A run's scores are summarised in the memory of one worker. */
const maxUnits = 50_000;

export interface RunPlan {
  readonly config: RunConfig;
  readonly projectId: string;
  readonly units: number;
  readonly preview: ReturnType<typeof previewCost>;
  readonly profile: Profile | null;
}

/** Everything that can be known and refused before a run is submitted: data set, metrics, profile, policy, cost. */
export async function planRun(ctx: Ctx, request: RunRequest): Promise<RunPlan> {
  const plan = planMetrics(request.metrics, allMetrics);
  const { dataset, version } = await named("/dataset", mustFindDatasetVersion(ctx, request.dataset));
  mustBeUsable(dataset);
  const projectId = request.projectId ?? dataset.projectId;
  mustChangeWithin(ctx.actor, projectId ?? null);
  if (request.projectId !== undefined) await named("/projectId", mustFindProject(ctx, request.projectId));
  const profile = await profileFor(ctx, plan, request.profile);
  if (request.callback) await mustTakeCallback(ctx, request.callback);
  const { repeats, maxCases } = request.options;
  const cases = Math.min(version.recordCount, maxCases ?? version.recordCount);
  if (cases * repeats > maxUnits) {
    throw problem(
      "limit_reached",
      "evaluation.too_many_cases",
      `A run may evaluate ${maxUnits} cases, repeats included; this asks for ${cases * repeats}. Use maxCases.`,
      {
        errors: [
          {
            pointer: "/options/maxCases",
            code: "too_large",
            message: `At most ${Math.floor(maxUnits / repeats)}.`,
          },
        ],
      },
    );
  }
  const sample: EvaluationCase[] = [];
  for await (const item of datasetReader(ctx, version).read(0, Math.min(sampleSize, cases)))
    sample.push(item);
  const prices = withPrices(profile ? (pricesOf(profile) as PriceEntry[]) : []);
  const preview = previewOf(plan, profile, sample, cases, repeats, prices, ctx.now);
  await mustKeepPolicy(ctx, request, plan, profile, preview);
  const config: RunConfig = {
    engine: 1,
    dataset: { id: dataset.id, name: dataset.name, version: version.version, sha256: version.sha256 },
    metrics: runMetrics(plan),
    judge: profile && {
      profile: profile.name,
      link: linkOf(profile),
      params: profile.params,
      prices: pricesOf(profile),
      limited: Object.keys(profile.limits).length > 0,
    },
    cases,
    repeats,
    seed: request.options.seed,
    cache: request.options.cache,
    concurrency: request.options.concurrency,
    name: request.name ?? `${dataset.name}@${version.version}`,
  };
  return { config, projectId: projectId ?? sharedProject, units: cases * repeats, preview, profile };
}

/** What a field names; when there is no such thing, the problem points at the field. */
async function named<T>(pointer: string, found: Promise<T>): Promise<T> {
  return found.catch((error: unknown) => {
    if (!(error instanceof AppError && error.kind === "not_found")) throw error;
    const { code, detail } = error.failure;
    throw problem("not_found", code, detail, {
      errors: [{ pointer, code: "unknown", message: detail }],
      cause: error,
    });
  });
}

async function profileFor(
  ctx: Ctx,
  plan: readonly PlannedMetric[],
  name: string | undefined,
): Promise<Profile | null> {
  const asking = plan
    .filter(({ metric }) => metric.usesJudge || metric.usesEmbeddings)
    .map(({ metric }) => metric.name);
  if (asking.length === 0) return null;
  if (name === undefined) {
    throw problem(
      "invalid_input",
      "evaluation.profile_missing",
      `${asking.join(", ")} ${asking.length === 1 ? "asks" : "ask"} a model: name a profile.`,
      {
        errors: [{ pointer: "/profile", code: "required", message: "PUT /v1/profiles/{name} makes one." }],
      },
    );
  }
  const profile = await mustFindProfile(ctx, name).catch((error: unknown) => {
    if (!(error instanceof AppError && error.kind === "not_found")) throw error;
    throw problem("invalid_input", "evaluation.profile_unknown", `There is no model profile "${name}".`, {
      errors: [{ pointer: "/profile", code: "unknown_profile", message: "GET /v1/profiles lists them." }],
      cause: error,
    });
  });
  const embedding = plan.find(({ metric }) => metric.usesEmbeddings);
  if (embedding && profile.embeddingModel === null) {
    throw problem(
      "invalid_input",
      "evaluation.embedding_model_missing",
      `${embedding.metric.name} needs embeddings, and the profile "${name}" has no embeddingModel.`,
      {
        errors: [
          { pointer: "/profile", code: "no_embedding_model", message: "Set embeddingModel in the profile." },
        ],
      },
    );
  }
  return profile;
}

function previewOf(
  plan: readonly PlannedMetric[],
  profile: Profile | null,
  sample: readonly EvaluationCase[],
  totalCases: number,
  repeats: number,
  prices: readonly PriceEntry[],
  now: Date,
) {
  const metrics = plan.map(({ metric, options }) => ({
    name: metric.name,
    model: metric.usesJudge || metric.usesEmbeddings ? (profile?.model ?? null) : null,
    callsOf: (item: EvaluationCase) => metric.expectedJudgeCalls?.(item, options) ?? 0,
    tokensOf: estimateJudgeCall,
  }));
  const provider = profile?.provider ?? "";
  return previewCost(
    sample,
    metrics,
    (model, calls, each) => estimateCostMicros(priceOf(prices, provider, model, now), calls, each),
    { repeats, totalCases },
  );
}

async function mustKeepPolicy(
  ctx: Ctx,
  request: RunRequest,
  plan: readonly PlannedMetric[],
  profile: Profile | null,
  preview: ReturnType<typeof previewCost>,
): Promise<void> {
  const policy = await findPolicy(ctx);
  const { day, month } = localPeriods(ctx.now.getTime(), policy.timeZone);
  const runs = await countEvaluations(ctx.db, ctx.tenantId, new Date(day.startAt));
  const limited = policy.dailyCostLimitMicros !== null || policy.monthlyCostLimitMicros !== null;
  const spent = limited
    ? await spentBetween(ctx.db, ctx.tenantId, new Date(day.startAt), new Date(month.startAt))
    : { day: 0, month: 0 };
  const violations = checkSubmission(
    policy,
    {
      models: profile ? [{ name: profile.model, path: ["profile"] }] : [],
      metrics: plan.map(({ metric }, index) => ({
        name: metric.name,
        path: request.metrics.length > 0 ? ["metrics", index] : ["metrics"],
      })),
      estimatedCostMicros: preview.unpricedModels.length > 0 ? null : preview.costMicros.expected,
    },
    {
      spentTodayMicros: spent.day,
      spentThisMonthMicros: spent.month,
      reservedMicros: 0,
      runsToday: runs,
      // More runs than may be active at once wait in the engine instead of being refused.
      activeRuns: 0,
    },
    ctx.now.getTime(),
  );
  const [first] = violations;
  if (first === undefined) return;
  const kind = violations.some((violation) => violation.kind === "forbidden") ? "forbidden" : "limit_reached";
  const errors: FieldProblem[] = violations.map(({ pointer, code, message }) => ({ pointer, code, message }));
  throw problem(kind, first.code, first.message, { errors });
}
