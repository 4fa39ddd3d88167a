import * as z from "zod";
import { RunAnalysis } from "../../../../contracts/run-analysis.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { analyseRun as decideAnalysis } from "../summary/analysis.rules.ts";
import { loadRunScores, mustFindRun } from "../summary/run-scores-of.ts";

export const analyseRun = defineOperation({
  action: "evaluation.run.analyse",
  effect: "read",
  scope: "runs:read",
  summary: "Say where a run is weak: worst cases, means by tag, and how the metrics move together",
  input: z.strictObject({ id: z.string() }),
  output: RunAnalysis.meta({ id: "RunAnalysis" }),
  raises: ["not_found"],
  resource: ({ id }) => `run:${id}`,
  async run(ctx, { id }) {
    return decideAnalysis(await loadRunScores(ctx, await mustFindRun(ctx, id)));
  },
});
