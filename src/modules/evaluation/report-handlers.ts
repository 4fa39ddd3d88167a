import * as z from "zod";
import { GatePolicy } from "../../../contracts/comparison.ts";
import type { JobHandler } from "../jobs/index.ts";
import { gateReport, keepReport } from "./gate/gate-report.ts";
import { analyseRun } from "./summary/analysis.rules.ts";
import { loadRunScores, mustFindRun } from "./summary/run-scores-of.ts";

/** The payload of a GATE. */
export const GatePayload = z.strictObject({
  baseline: z.string().nullable(),
  candidate: z.string(),
  policy: GatePolicy,
});

/** The payload of an ANALYSIS. */
export const AnalysisPayload = z.strictObject({ runId: z.string() });

/** The payload of a PIPELINE: its steps were submitted with it and have succeeded before it runs. */
export const PipelinePayload = z.strictObject({
  steps: z.array(z.strictObject({ jobId: z.string(), name: z.string() })),
});

/** Holds one run against another and keeps the sealed verdict. */
export const gateHandler: JobHandler = {
  async work(ctx, { payload, step }) {
    const { baseline, candidate, policy } = GatePayload.parse(payload);
    return { resultRef: await gateReport(ctx, step, "gate", baseline, candidate, policy) };
  },
};

/** Says where a run is weak and keeps the analysis. */
export const analysisHandler: JobHandler = {
  async work(ctx, { payload, step }) {
    const { runId } = AnalysisPayload.parse(payload);
    const analysis = analyseRun(await loadRunScores(ctx, await mustFindRun(ctx, runId)));
    return { resultRef: await keepReport(ctx, step, "analysis", analysis, { runId }) };
  },
};

/** Gathers what the steps of a pipeline made. */
export const pipelineHandler: JobHandler = {
  async work(ctx, { payload, step }) {
    const { steps } = PipelinePayload.parse(payload);
    const results = await Promise.all(
      steps.map(async ({ jobId, name }) => {
        const found = await ctx.ports.jobs.find(ctx.tenantId, jobId);
        return { jobId, name, status: found?.job.status ?? null, resultRef: found?.job.resultRef ?? null };
      }),
    );
    return {
      resultRef: await keepReport(ctx, step, "pipeline", { steps: results }, { steps: steps.length }),
    };
  },
};
