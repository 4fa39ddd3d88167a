import { cut, displayWidth, pad, plain } from "./display-width.ts";

export interface Column<Row> {
  readonly title: string;
  readonly align?: "left" | "right";
  readonly of: (row: Row) => string | number | null | undefined;
  /** Colours a cell after it has been laid out. */
  readonly paint?: (text: string, row: Row) => string;
}

const gap = "  ";
const narrowest = 8;

/** Rows under titles, aligned by cells on the screen; the widest columns give way when `width` is not enough. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width = Infinity): string {
  const cells = rows.map((row) => columns.map((column) => plain(String(column.of(row) ?? "–"))));
  const widths = columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...cells.map((line) => displayWidth(line[index] ?? ""))),
  );
  let over = widths.reduce((sum, cell) => sum + cell + gap.length, -gap.length) - width;
  while (over > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    const cell = widths[widest] ?? 0;
    if (cell <= narrowest) break;
    const less = Math.min(over, Math.max(1, cell - secondOf(widths)), cell - narrowest);
    widths[widest] = cell - less;
    over -= less;
  }
  const line = (texts: readonly string[], row?: Row) =>
    texts
      .map((text, index) => {
        const cell = widths[index] ?? 0;
        const laid = pad(cut(text, cell), cell, columns[index]?.align);
        const paint = columns[index]?.paint;
        return row !== undefined && paint ? paint(laid, row) : laid;
      })
      .join(gap)
      .trimEnd();
  return [
    line(columns.map(({ title }) => title)),
    widths.map((cell) => "─".repeat(cell)).join(gap),
    ...cells.map((texts, index) => line(texts, rows[index])),
  ].join("\n");
}

const secondOf = (widths: readonly number[]): number => [...widths].sort((a, b) => b - a)[1] ?? 0;

/** Names and values, one pair a line. */
export function record(pairs: readonly (readonly [name: string, value: string | number | null])[]): string {
  const names = Math.max(...pairs.map(([name]) => displayWidth(name)));
  return pairs.map(([name, value]) => `${pad(name, names)}${gap}${plain(String(value ?? "–"))}`).join("\n");
}
