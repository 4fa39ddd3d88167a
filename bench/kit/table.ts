const width = (text: string): number =>
  [...text].reduce((sum, sign) => sum + (/[ᄀ-ᇿ⺀-꓏가-힣＀-｠]/.test(sign) ? 2 : 1), 0);

/** Prints rows below a heading; columns after the first are right-aligned. */
export function printTable(heading: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = heading.map((cell, at) => Math.max(width(cell), ...rows.map((row) => width(row[at] ?? ""))));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => {
        const gap = " ".repeat(Math.max(0, (widths[at] ?? 0) - width(cell)));
        return at === 0 ? cell + gap : gap + cell;
      })
      .join("  ")
      .trimEnd();
  console.log(line(heading));
  console.log(widths.map((size) => "-".repeat(size)).join("  "));
  for (const row of rows) console.log(line(row));
}

export const count = (value: number): string => Math.round(value).toLocaleString("en-US");
export const ms = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(0));
export const times = (value: number): string => `${value.toFixed(2)}x`;
