import type { Run } from "../../../contracts/runs.ts";
import type { Cli } from "../cli.ts";
import { plain } from "../terminal/display-width.ts";
import { money } from "../terminal/numbers.ts";
import { metricTable } from "./metric-table.ts";

type ReportedRun = Pick<Run, "name" | "summary" | "cases" | "tokens" | "costMicros" | "costKnown">;

/** A run as people read it: its metrics, how many cases, and what it cost. */
export function runReport(cli: Pick<Cli, "out" | "say">, run: ReportedRun): string {
  const { say, out } = cli;
  const { evaluated, total, errors } = run.cases;
  const cost = say.costLine(money(run.costMicros), run.tokens.input, run.tokens.output);
  return [
    out.paint.bold(plain(run.name)),
    "",
    metricTable(cli, run.summary),
    "",
    say.casesLine(evaluated, total, errors),
    run.costKnown ? cost : `${cost} (${say.costAtLeast})`,
  ].join("\n");
}

/** Where a run and the API's reference are. */
export function runAddresses({ say }: Pick<Cli, "say">, endpoint: string, runId: string): string {
  return [`${say.runAddress}  ${endpoint}/v1/runs/${runId}`, `${say.apiReference}  ${endpoint}/docs`].join(
    "\n",
  );
}
