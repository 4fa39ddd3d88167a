import * as z from "zod";
import type { CaseResult } from "../../../../contracts/runs.ts";
import { readLines } from "../../../kernel/blob-lines.ts";
import { defineOperation, type StreamBody } from "../../../kernel/operation.ts";
import { textStream } from "../../../kernel/text-stream.ts";
import { csvRow } from "../../datasets/index.ts";
import { mustFindRun } from "../summary/run-scores-of.ts";

export const exportRun = defineOperation({
  action: "evaluation.run.export",
  effect: "read",
  scope: "runs:read",
  summary:
    "Download a run's case results as JSON lines, or its scores as CSV that a spreadsheet can open safely",
  input: z.strictObject({ id: z.string(), format: z.enum(["jsonl", "csv"]).default("jsonl") }),
  output: z.custom<StreamBody>(),
  gives: ["application/x-ndjson", "text/csv"],
  raises: ["not_found"],
  resource: ({ id }) => `run:${id}`,
  async run(ctx, { id, format }) {
    const row = await mustFindRun(ctx, id);
    const names = row.run.metrics.map(({ name }) => name);
    const lines = async function* () {
      if (format === "csv")
        yield `\uFEFF${csvRow(["index", "caseId", "repeat", "tags", ...names.flatMap((name) => [name, `${name}_status`])])}`;
      for await (const line of readLines(ctx.ports.blobs, row.resultsKey, row.resultsIndex)) {
        yield format === "jsonl" ? `${line}\n` : csvRow(cellsOf(JSON.parse(line) as CaseResult, names));
      }
    };
    const contentType = format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson";
    return { stream: textStream(lines()), contentType, fileName: `${id}.${format}` };
  },
});

function cellsOf(result: CaseResult, names: readonly string[]) {
  const scores = names.flatMap((name) => {
    const score = result.scores[name];
    return [score?.score ?? "", score?.status ?? ""];
  });
  return [result.index, result.caseId, result.repeat, result.tags.join(" "), ...scores];
}
