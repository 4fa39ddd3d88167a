import type { Screen } from "../cli.ts";
import { type Paint, paintOf } from "./paint.ts";
import { type ProgressBar, progressBar } from "./progress-bar.ts";
import { type Column, table } from "./table.ts";

/** Where a command writes: results to stdout, everything else to stderr. With `json`, stdout holds nothing but JSON. */
export interface Output {
  readonly json: boolean;
  readonly paint: Paint;
  /** The result of a command: one JSON document, or what people read. */
  result(value: unknown, human: () => string): void;
  /** One item of a stream of results: a JSON line, or a line that people read. */
  item(value: unknown, human: () => string): void;
  /** A table as wide as the screen. */
  table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string;
  /** Text of the result's own format, as it came. */
  raw(text: string): void;
  note(text: string): void;
  progress(now: () => number): ProgressBar;
}

export interface OutputOptions {
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly colour: boolean;
}

export function createOutput({ stdout, stderr, json, quiet, colour }: OutputOptions): Output {
  const silent = json || quiet;
  return {
    json,
    paint: paintOf(colour && !json),
    result: (value, human) => {
      stdout.write(`${json ? JSON.stringify(value, null, 2) : human()}\n`);
    },
    item: (value, human) => {
      stdout.write(`${json ? JSON.stringify(value) : human()}\n`);
    },
    table: (columns, rows) => table(columns, rows, stdout.isTTY ? stdout.columns || 80 : Infinity),
    raw: (text) => {
      stdout.write(text);
    },
    note: (text) => {
      if (!silent) stderr.write(`${text}\n`);
    },
    progress: (now) => (silent ? { show: () => {}, clear: () => {} } : progressBar(stderr, now)),
  };
}
