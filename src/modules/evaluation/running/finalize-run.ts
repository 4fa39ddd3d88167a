import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { CaseResult, Run } from "../../../../contracts/runs.ts";
import { splitLines, writeLines } from "../../../kernel/blob-lines.ts";
import type { Ctx } from "../../../kernel/context.ts";
import { tenantKey } from "../../../kernel/ports/blob.ts";
import { projectOf } from "../../../kernel/project-reach.ts";
import { readCases } from "../../datasets/index.ts";
import type { StepHost, StepResult } from "../../jobs/index.ts";
import { gateReport } from "../gate/gate-report.ts";
import { planOf } from "../planning/plan-of.ts";
import { configHashOf, RunConfig, runIdOf } from "../planning/run-config.ts";
import { findRunOfJob, insertRun } from "../store.ts";
import type { CaseScores } from "../summary/run-scores.ts";
import { scoresOf, statisticsMetrics } from "../summary/run-scores-of.ts";
import { summarizeRun } from "../summary/summary.rules.ts";
import { failedCase } from "./evaluate-case.ts";
import { regionsOf } from "./result-regions.rules.ts";

const linesPerOffset = 25;

interface Gathered {
  readonly cases: CaseScores[];
  errors: number;
}

/**
 * Makes the immutable run of a job: its case results in order as one object, its summary and hashes as one row. Doing
 * it twice makes the same run once.
 */
export async function finalizeRun(ctx: Ctx, host: StepHost): Promise<StepResult> {
  const { step } = host;
  const config = RunConfig.parse(host.payload);
  const known = await findRunOfJob(ctx.db, ctx.tenantId, step.jobId);
  const run = known?.run ?? (await makeRun(ctx, host, config));
  ctx.ports.meter.count("maru_runs_total", {
    tenant_id: ctx.tenantId,
    status: "SUCCEEDED",
    profile: run.profile ?? "",
  });
  const seconds = (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000;
  ctx.ports.meter.observe("maru_run_duration_seconds", seconds, {
    tenant_id: ctx.tenantId,
    profile: run.profile ?? "",
  });
  if (config.gate === undefined) return { resultRef: run.id };
  const { baseline, policy } = config.gate;
  return { resultRef: await gateReport(ctx, step, "regression", baseline, run.id, policy) };
}

async function makeRun(ctx: Ctx, host: StepHost, config: RunConfig): Promise<Run> {
  const { step } = host;
  const id = runIdOf(step.jobId);
  const hasher = sha256.create();
  const gathered: Gathered = { cases: [], errors: 0 };
  const resultsKey = tenantKey(ctx.tenantId, "runs", id, `cases-${step.token}.jsonl`);
  const lines = async function* () {
    for await (const result of mergedResults(ctx, host, config)) {
      const line = JSON.stringify(result);
      hasher.update(utf8ToBytes(`${line}\n`));
      gathered.cases.push(scoresOf(result));
      if (result.error) gathered.errors++;
      yield line;
    }
  };
  const resultsIndex = await writeLines(ctx.ports.blobs, resultsKey, lines(), linesPerOffset);
  const run = await runOf(ctx, host, config, gathered, bytesToHex(hasher.digest()));
  const row = {
    id,
    tenantId: ctx.tenantId,
    projectId: step.projectId,
    jobId: step.jobId,
    datasetId: config.dataset.id,
    datasetName: config.dataset.name,
    profile: run.profile,
    run,
    config,
    configHash: run.configHash,
    costMicros: run.costMicros,
    resultsKey,
    resultsIndex,
    createdAt: ctx.now,
  };
  const { summary: _, ...after } = run;
  const projectId = projectOf(step.projectId);
  const place = projectId === null ? {} : { projectId };
  await ctx.write({ entity: `run:${id}`, after, ...place }, (q) => [insertRun(q, row)]);
  return run;
}

/** What a run says, made of its gathered scores; `resultsHash` is the SHA-256 of its result lines. */
async function runOf(
  ctx: Ctx,
  { step }: StepHost,
  config: RunConfig,
  gathered: Gathered,
  resultsHash: string,
): Promise<Run> {
  const metrics = await statisticsMetrics(config.metrics);
  const summary = summarizeRun({ metrics, cases: gathered.cases }, { seed: config.seed });
  return {
    id: runIdOf(step.jobId),
    projectId: step.projectId,
    jobId: step.jobId,
    name: config.name,
    dataset: config.dataset,
    profile: config.judge?.profile ?? null,
    metrics: config.metrics,
    summary: summary.metrics,
    cases: {
      total: config.cases,
      evaluated: config.cases - gathered.errors,
      errors: gathered.errors,
      repeats: config.repeats,
    },
    tokens: summary.tokens,
    costMicros: summary.costMicros,
    costKnown: summary.unpricedResults === 0,
    configHash: await configHashOf(config),
    resultsHash,
    requestedBy: step.requestedBy,
    startedAt: new Date(step.createdAt).toISOString(),
    finishedAt: ctx.now.toISOString(),
  };
}

/** Every result once, in the order of the units; units that were given up are recorded as errors. */
async function* mergedResults(ctx: Ctx, host: StepHost, config: RunConfig): AsyncGenerator<CaseResult> {
  const { chunks, deadUnits } = await host.results();
  const dead = new Set(deadUnits);
  const plan = planOf(config);
  const { repeats, dataset } = config;
  for (const region of regionsOf(chunks)) {
    const results = new Map<number, CaseResult>();
    for (const ref of region.refs) {
      const object = await ctx.ports.blobs.get(ref);
      if (object === null) throw new Error(`the results ${ref} are gone`);
      for await (const line of splitLines(object.body)) {
        const result = JSON.parse(line) as CaseResult;
        const unit = result.index * repeats + result.repeat;
        if (!results.has(unit)) results.set(unit, result);
      }
    }
    for (let unit = region.from; unit < region.to; unit++) {
      const result = results.get(unit);
      if (result !== undefined && !dead.has(unit)) {
        yield result;
        continue;
      }
      const index = Math.floor(unit / repeats);
      const place = { index, repeat: unit % repeats };
      for await (const evaluationCase of readCases(ctx, {
        datasetId: dataset.id,
        version: dataset.version,
        from: index,
        to: index + 1,
      })) {
        const message = "The worker ended each time it came to this case.";
        yield await failedCase(place, evaluationCase, plan, { code: "poison", message });
      }
    }
  }
}
