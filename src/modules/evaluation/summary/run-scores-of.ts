import type { CaseResult, Run } from "../../../../contracts/runs.ts";
import { readLines } from "../../../kernel/blob-lines.ts";
import type { Ctx } from "../../../kernel/context.ts";
import { sha256Json } from "../../../kernel/hash.ts";
import { problem } from "../../../kernel/problem.ts";
import { projectOf, reaches } from "../../../kernel/project-reach.ts";
import { allMetrics } from "../metrics/registry.ts";
import { findRun, type RunRow } from "../store.ts";
import type { CaseScores, RunMetric, RunScores } from "./run-scores.ts";

/** A tenant's run, or 404; `pointer` is the field of the request that named it. */
export async function mustFindRun(ctx: Ctx, id: string, pointer?: string): Promise<RunRow> {
  const row = await findRun(ctx.db, ctx.tenantId, id);
  if (row !== undefined && reaches(ctx.actor, projectOf(row.projectId))) return row;
  const message = `There is no run ${id}.`;
  const errors = pointer === undefined ? [] : [{ pointer, code: "unknown", message }];
  throw problem("not_found", "evaluation.run_unknown", message, { errors });
}

/** What statistics need of a case result. */
export function scoresOf(result: CaseResult): CaseScores {
  const { caseId, repeat, inputHash, referenceHash, tags, scores } = result;
  const results = Object.entries(scores).map(([name, score]) => {
    const { status, reasonCode, tokens, costMicros } = score;
    return [
      name,
      {
        status,
        reasonCode,
        tokens,
        costMicros,
        ...(score.score === undefined ? {} : { score: score.score }),
      },
    ] as const;
  });
  return { caseId, repeat, inputHash, referenceHash, tags, results: Object.fromEntries(results) };
}

/** The metrics of a run in the words of the statistics. */
export function statisticsMetrics(metrics: Run["metrics"]): Promise<RunMetric[]> {
  return Promise.all(
    metrics.map(async ({ name, direction, options, threshold }) => ({
      name,
      direction,
      optionsHash: await sha256Json(options),
      usesJudge: allMetrics.get(name)?.usesJudge ?? false,
      ...(threshold === null ? {} : { threshold }),
    })),
  );
}

/** A run with all its scores, read from the object store. */
export async function loadRunScores(ctx: Ctx, row: RunRow): Promise<RunScores> {
  const cases: CaseScores[] = [];
  for await (const line of readLines(ctx.ports.blobs, row.resultsKey, row.resultsIndex)) {
    cases.push(scoresOf(JSON.parse(line) as CaseResult));
  }
  const { run } = row;
  const judge = (row.config as { judge?: unknown }).judge;
  return {
    reference: {
      runId: run.id,
      configHash: run.configHash,
      datasetHash: run.dataset.sha256,
      judgeHash: judge ? await sha256Json(judge) : null,
      resultsHash: run.resultsHash,
    },
    metrics: await statisticsMetrics(run.metrics),
    cases,
  };
}
