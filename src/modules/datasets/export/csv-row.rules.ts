import { type CellValue, cellText, guardFormula } from "./csv-cell.rules.ts";

/**
 * One line of CSV (RFC 4180), CRLF included. Texts are guarded against formulas; numbers are not. `delimiter` is one
 * character.
 */
export function csvRow(values: readonly CellValue[], delimiter = ","): string {
  const cells = values.map((value) => {
    const text = cellText(value);
    const safe = typeof value === "number" || typeof value === "bigint" ? text : guardFormula(text);
    const mustQuote = safe.includes(delimiter) || /["\r\n]|^\s|\s$/.test(safe);
    return mustQuote ? `"${safe.replaceAll('"', '""')}"` : safe;
  });
  return `${cells.join(delimiter)}\r\n`;
}
