import * as z from "zod";
import { RunMetric } from "../../../../contracts/runs.ts";
import { sha256Json } from "../../../kernel/hash.ts";
import { Profile } from "../../profiles/index.ts";

const JudgeConfig = z.object({
  profile: z.string(),
  link: z.object({
    provider: Profile.shape.provider,
    model: z.string(),
    baseUrl: z.string().exactOptional(),
    embeddingModel: z.string().exactOptional(),
    deployment: z.string().exactOptional(),
    embeddingDeployment: z.string().exactOptional(),
    apiVersion: z.string().exactOptional(),
    secretName: z.string().exactOptional(),
    quirks: z.record(z.string(), z.string().optional()).exactOptional(),
  }),
  params: z.looseObject({}),
  prices: z.array(
    z.object({
      provider: z.string(),
      model: z.string(),
      from: z.string(),
      inputMicrosPerMillion: z.number(),
      outputMicrosPerMillion: z.number(),
    }),
  ),
  limited: z.boolean(),
});

/** Everything a run depends on: the payload of its job, and what its hash stands for. */
export const RunConfig = z.object({
  engine: z.literal(1),
  dataset: z.object({ id: z.string(), name: z.string(), version: z.int(), sha256: z.string() }),
  metrics: z.array(RunMetric),
  judge: JudgeConfig.nullable(),
  cases: z.int(),
  repeats: z.int(),
  seed: z.int(),
  cache: z.boolean(),
  concurrency: z.int(),
  name: z.string(),
  /** For a REGRESSION: what the run is then held against. */
  gate: z.object({ baseline: z.string().nullable(), policy: z.looseObject({}) }).optional(),
});
export type RunConfig = z.infer<typeof RunConfig>;

/** The hash of what decides the scores; names and the pace of work don't. */
export function configHashOf(config: RunConfig): Promise<string> {
  const { name: _n, concurrency: _c, gate: _g, ...decisive } = config;
  return sha256Json(decisive);
}

/** The run that a job makes: the same however often it is finalised. */
export function runIdOf(jobId: string): string {
  return `run_${jobId.slice(jobId.indexOf("_") + 1)}`;
}
