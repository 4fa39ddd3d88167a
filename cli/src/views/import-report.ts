import type { Cli } from "../cli.ts";
import { plain } from "../terminal/display-width.ts";

/** What an upload says of the file's rows. */
export interface ImportReport {
  readonly rows: { readonly accepted: number; readonly warned: number; readonly rejected: number };
  readonly problems: readonly {
    readonly line: number;
    readonly pointer: string;
    readonly code: string;
    readonly message: string;
    readonly severity: string;
  }[];
  readonly problemsLeftOut: number;
}

const shown = 10;

/** The rows taken and refused, and the first problems by line. */
export function importReport({ out, say }: Pick<Cli, "out" | "say">, report: ImportReport): string {
  const { accepted, warned, rejected } = report.rows;
  const hidden = Math.max(0, report.problems.length - shown) + report.problemsLeftOut;
  return [
    say.importReport(accepted, warned, rejected),
    ...report.problems.slice(0, shown).map(({ line, pointer, message, severity }) => {
      const paint = severity === "error" ? out.paint.red : out.paint.yellow;
      return `  ${paint(`${say.line} ${line}`)} ${plain(pointer)} ${plain(message)}`;
    }),
    ...(hidden > 0 ? [`  ${say.problemsLeftOut(hidden)}`] : []),
  ].join("\n");
}
