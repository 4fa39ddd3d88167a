import * as z from "zod";
import { Run } from "../../../../contracts/runs.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindRun } from "../summary/run-scores-of.ts";

export const getRun = defineOperation({
  action: "evaluation.run.get",
  effect: "read",
  scope: "runs:read",
  summary: "Read a run: its metrics with coverage and confidence intervals, tokens, cost and hashes",
  input: z.strictObject({ id: z.string() }),
  output: Run,
  raises: ["not_found"],
  resource: ({ id }) => `run:${id}`,
  async run(ctx, { id }) {
    return (await mustFindRun(ctx, id)).run;
  },
});
