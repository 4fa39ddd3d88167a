/** What a cell can hold. Lists and objects are written as JSON, dates as ISO 8601, nothing as an empty cell. */
export type CellValue = unknown;

/** A first character, after spaces, that makes a spreadsheet read text as a formula; full-width forms included. */
const formulaStart = /^[\s\u00a0\u200b\u2060\u3000\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]/;
const controlStart = /^[\t\r\n]/;
const plainNumber = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Text made safe to open in a spreadsheet: what would start a formula gets an apostrophe before it (OWASP, "CSV
 * Injection"). Text that is a plain number, such as `-5`, stays a number.
 */
export function guardFormula(text: string): string {
  if (plainNumber.test(text)) return text;
  return formulaStart.test(text) || controlStart.test(text) ? `'${text}` : text;
}

/** A value as the text of a cell, before any guard or quote; numbers that aren't finite are empty. */
export function cellText(value: CellValue): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "" : value.toISOString();
  if (typeof value === "object") return JSON.stringify(value) ?? "";
  return String(value);
}
