import * as z from "zod";
import { CaseResult } from "../../../../contracts/runs.ts";
import { readLines } from "../../../kernel/blob-lines.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, encodeCursor, PageQuery, pageOf } from "../../../kernel/page.ts";
import { mustFindRun } from "../summary/run-scores-of.ts";

export const listCases = defineOperation({
  action: "evaluation.case.list",
  effect: "read",
  scope: "runs:read",
  summary: "List the results of a run's cases with their evidence, in the order of the data set",
  input: z.strictObject({
    ...PageQuery.shape,
    id: z.string(),
    caseId: z.string().optional(),
    /** Only cases in which this metric failed its threshold or has no score. */
    failing: z.string().optional(),
  }),
  output: pageOf(CaseResult),
  raises: ["not_found"],
  resource: ({ id }) => `run:${id}`,
  async run(ctx, { id, limit, cursor, caseId, failing }) {
    const row = await mustFindRun(ctx, id);
    const metric = row.run.metrics.find(({ name }) => name === failing);
    const wanted = (result: z.infer<typeof CaseResult>): boolean => {
      if (caseId !== undefined && result.caseId !== caseId) return false;
      if (failing === undefined) return true;
      const score = result.scores[failing]?.score;
      if (score === undefined || metric === undefined || metric.threshold === null)
        return score === undefined;
      return metric.direction === "higher" ? score < metric.threshold : score > metric.threshold;
    };
    let line = decodeCursor(cursor)?.at.getTime() ?? 0;
    const items: z.infer<typeof CaseResult>[] = [];
    for await (const text of readLines(ctx.ports.blobs, row.resultsKey, row.resultsIndex, line)) {
      if (items.length === limit) return { items, nextCursor: encodeCursor({ at: new Date(line), id }) };
      const result = JSON.parse(text) as z.infer<typeof CaseResult>;
      if (wanted(result)) items.push(result);
      line++;
    }
    return { items, nextCursor: null };
  },
});
