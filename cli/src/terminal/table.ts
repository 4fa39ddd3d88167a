import { cut, displayWidth, pad, plain } from "./display-width.ts";

export interface Column<Row> {
  readonly title: string;
  readonly align?: "left" | "right";
  /** Free text, which may be cut on a narrow screen; ids, names to type and numbers never are. */
  readonly canShrink?: boolean;
  readonly of: (row: Row) => string | number | null | undefined;
  /** Colours a cell after it has been laid out. */
  readonly paint?: (text: string, row: Row) => string;
}

const gap = "  ";
const narrowest = 8;

/** Rows under titles, aligned by cells on the screen; free text gives way when `width` is not enough. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width = Infinity): string {
  const cells = rows.map((row) => columns.map((column) => plain(String(column.of(row) ?? "–"))));
  const widths = columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...cells.map((line) => displayWidth(line[index] ?? ""))),
  );
  fit(
    widths,
    columns.map(({ canShrink }) => canShrink === true),
    width,
  );
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

/** Takes from the widest column that may give until the line fits or none can give more. */
function fit(widths: number[], canShrink: readonly boolean[], width: number): void {
  let over = widths.reduce((sum, cell) => sum + cell + gap.length, -gap.length) - width;
  while (over > 0) {
    const giving = widths.map((cell, index) => (canShrink[index] ? cell : 0));
    const [cell = 0, next = 0] = [...giving].sort((a, b) => b - a);
    if (cell <= narrowest) return;
    const less = Math.min(over, Math.max(1, cell - next), cell - narrowest);
    widths[giving.indexOf(cell)] = cell - less;
    over -= less;
  }
}

/** Names and values, one pair a line. */
export function record(pairs: readonly (readonly [name: string, value: string | number | null])[]): string {
  const names = Math.max(...pairs.map(([name]) => displayWidth(name)));
  return pairs.map(([name, value]) => `${pad(name, names)}${gap}${plain(String(value ?? "–"))}`).join("\n");
}
