/** A calendar date read from a text: `value` packs the parts as digits (20240115, 202401, 115, 2024). */
export interface ReadDate {
  readonly value: number;
  readonly unit: "date" | "year-month" | "month-day" | "calendar-year";
  readonly end: number;
}

const monthNames = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const month = "(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\\.?";
const forms: readonly (readonly [RegExp, (parts: readonly string[]) => Omit<ReadDate, "end"> | undefined])[] =
  [
    [/(\d{4})([-./])\s?(\d{1,2})\2\s?(\d{1,2})(?!\d)/y, ([y, , m, d]) => whole(y, m, d)],
    [/(\d{4})년\s?(\d{1,2})월\s?(\d{1,2})일/y, ([y, m, d]) => whole(y, m, d)],
    [/(\d{4})년\s?(\d{1,2})월/y, ([y, m]) => ({ unit: "year-month", value: Number(y) * 100 + Number(m) })],
    [/(\d{1,2})월\s?(\d{1,2})일/y, ([m, d]) => ({ unit: "month-day", value: Number(m) * 100 + Number(d) })],
    [
      /(1[1-9]\d\d|20\d\d)년(?!\s?(?:간|동안|이상|이하|미만|초과|이내))/y,
      ([y]) => ({ unit: "calendar-year", value: Number(y) }),
    ],
    [
      new RegExp(`${month}\\s(\\d{1,2})(?:st|nd|rd|th)?,?\\s(\\d{4})(?!\\d)`, "iy"),
      ([m, d, y]) => whole(y, monthOf(m), d),
    ],
    [
      new RegExp(`(\\d{1,2})(?:st|nd|rd|th)?\\s${month},?\\s(\\d{4})(?!\\d)`, "iy"),
      ([d, m, y]) => whole(y, monthOf(m), d),
    ],
  ];

/**
 * Reads a date at `start`: `2024-01-15`, `2024.1.15`, `2024년 1월 15일`, `2024년 1월`, `1월 15일`, `1446년`,
 * `January 15, 2024`, `15 Jan 2024`. A year of four digits is a calendar year, unless a length of time is meant.
 */
export function readDate(text: string, start: number): ReadDate | undefined {
  for (const [pattern, read] of forms) {
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    const date = match === null ? undefined : read(match.slice(1));
    if (date !== undefined) return { ...date, end: pattern.lastIndex };
  }
  return undefined;
}

function monthOf(name: string | undefined): string {
  return String(monthNames.indexOf((name ?? "").slice(0, 3).toLowerCase()) + 1);
}

function whole(year?: string, monthNumber?: string, day?: string): Omit<ReadDate, "end"> | undefined {
  const [y, m, d] = [Number(year), Number(monthNumber), Number(day)];
  return m >= 1 && m <= 12 && d >= 1 && d <= 31
    ? { unit: "date", value: y * 10_000 + m * 100 + d }
    : undefined;
}
