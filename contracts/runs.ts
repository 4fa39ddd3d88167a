import * as z from "zod";
import { MetricSummary } from "./comparison.ts";

/** A metric by name, or with options of its own and the score a case must reach. */
export const MetricChoice = z.union([
  z.string().min(1).max(100),
  z.strictObject({
    name: z.string().min(1).max(100),
    options: z.record(z.string(), z.unknown()).default({}),
    threshold: z.number().optional(),
  }),
]);
export type MetricChoice = z.infer<typeof MetricChoice>;

export const RunOptions = z.strictObject({
  /** Cases evaluated at once by one worker. */
  concurrency: z.int().min(1).max(6).default(4),
  /** How often each case is judged; scores are averaged inside a case first. */
  repeats: z.int().min(1).max(10).default(1),
  /** Only the first so many cases. */
  maxCases: z.int().min(1).optional(),
  /** Seed of the confidence intervals' resampling. */
  seed: z.int().min(0).max(4294967295).default(1),
  /** Whether answers of a judge may come from the cache. */
  cache: z.boolean().default(true),
});
export type RunOptions = z.infer<typeof RunOptions>;

/**
 * Where a job tells its end, as a webhook after Standard Webhooks. `secretName` names the tenant secret that signs it:
 * `whsec_` and 24 to 64 bytes in base64. Without one the message isn't signed.
 */
export const JobCallback = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: "An http or https URL." }).max(2_000),
  secretName: z.string().min(1).max(64).optional(),
});
export type JobCallback = z.infer<typeof JobCallback>;

/** What somebody asks for: `POST /v1/runs:submit`. */
export const RunRequest = z.strictObject({
  /** A data set: id, `id@version`, name or `name@version`. */
  dataset: z.string().min(1).max(300),
  /** Metric names or choices; empty means the embedded default, which needs no model. */
  metrics: z.array(MetricChoice).max(50).default([]),
  /** A model profile, for metrics that ask a judge. */
  profile: z.string().min(1).max(100).optional(),
  projectId: z.string().optional(),
  name: z.string().min(1).max(200).optional(),
  priority: z.int().min(0).max(9).default(5),
  runAt: z.iso.datetime({ offset: true }).optional(),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
  callback: JobCallback.optional(),
  options: RunOptions.prefault({}),
});
export type RunRequest = z.infer<typeof RunRequest>;

export const EvidenceShape = z.strictObject({
  kind: z.string(),
  text: z.string().optional(),
  verdict: z.union([z.boolean(), z.string(), z.number(), z.null()]).optional(),
  reason: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
});

/** One metric's word on one case. `score` is there exactly when `status` is `scored`. */
export const CaseScore = z.strictObject({
  status: z.enum(["scored", "not_applicable", "judge_error", "cancelled"]),
  score: z.number().optional(),
  reasonCode: z.string(),
  evidence: z.array(EvidenceShape),
  judgeCalls: z.array(z.record(z.string(), z.unknown())),
  tokens: z.strictObject({ input: z.int(), output: z.int() }),
  /** Null when a judge's model has no known price. */
  costMicros: z.int().nullable(),
});
export type CaseScore = z.infer<typeof CaseScore>;

/** Everything that was measured of one case. `error` says why a case could not be evaluated at all. */
export const CaseResult = z
  .strictObject({
    index: z.int(),
    caseId: z.string(),
    /** Which repeat of the case this is, from 0. */
    repeat: z.int(),
    inputHash: z.string(),
    referenceHash: z.string(),
    tags: z.array(z.string()),
    scores: z.record(z.string(), CaseScore),
    error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  })
  .meta({ id: "CaseResult" });
export type CaseResult = z.infer<typeof CaseResult>;

export const RunMetric = z.strictObject({
  name: z.string(),
  options: z.record(z.string(), z.unknown()),
  threshold: z.number().nullable(),
  direction: z.enum(["higher", "lower"]),
});
export type RunMetric = z.infer<typeof RunMetric>;

/** An immutable result, made when its job succeeded. */
export const Run = z
  .strictObject({
    id: z.string(),
    projectId: z.string(),
    jobId: z.string(),
    name: z.string(),
    dataset: z.strictObject({ id: z.string(), name: z.string(), version: z.int(), sha256: z.string() }),
    profile: z.string().nullable(),
    metrics: z.array(RunMetric),
    summary: z.array(MetricSummary),
    cases: z.strictObject({ total: z.int(), evaluated: z.int(), errors: z.int(), repeats: z.int() }),
    tokens: z.strictObject({ input: z.int(), output: z.int() }),
    costMicros: z.int(),
    /** False when a model has no known price: the cost is then a lower bound. */
    costKnown: z.boolean(),
    /** SHA-256 of the whole configuration: data set, metrics and options, profile, prompts and prices. */
    configHash: z.string(),
    /** SHA-256 of the case results. */
    resultsHash: z.string(),
    requestedBy: z.string(),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime(),
  })
  .meta({ id: "Run" });
export type Run = z.infer<typeof Run>;
