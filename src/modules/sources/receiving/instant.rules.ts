const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d+)?([Zz]|([+-])(\d{2}):(\d{2}))$/;

/** Milliseconds of an RFC 3339 timestamp, digits below a millisecond cut off; undefined when it is none. */
export function parseInstant(text: string): number | undefined {
  return parseCanonical(text) ?? parseAny(text);
}

/** The form that programs write, `2026-01-01T09:00:00Z` or with `.123`, read without an expression; undefined for any other. */
function parseCanonical(text: string): number | undefined {
  const whole = text.length === 24 && text[19] === "." && text[23] === "Z";
  if (!whole && !(text.length === 20 && text[19] === "Z")) return undefined;
  if (text[4] !== "-" || text[7] !== "-" || text[10] !== "T" || text[13] !== ":" || text[16] !== ":")
    return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  const ms = whole ? digits(text, 20, 23) : 0;
  // `Date.UTC` takes years below 100 for others; days that not every month has are left to the other form.
  if (!(year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= 28)) return undefined;
  if (!(hour <= 23 && minute <= 59 && second <= 59 && ms <= 999)) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second, ms);
}

/** The number that `text` holds between two places; NaN where one is no digit. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let place = from; place < to; place++) {
    const digit = text.charCodeAt(place) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function parseAny(text: string): number | undefined {
  const match = rfc3339.exec(text);
  if (!match) return undefined;
  const number = (index: number) => Number(match[index]);
  const [year, month, day, hour, minute, second] = [
    number(1),
    number(2),
    number(3),
    number(4),
    number(5),
    number(6),
  ];
  const monthLength = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day < 1 || day > monthLength) return undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const fraction = Math.floor(Number(`0${match[7] ?? ""}`) * 1000 + 1e-9);
  let offset = 0;
  if (match[9] !== undefined) {
    if (number(10) > 23 || number(11) > 59) return undefined;
    offset = (match[9] === "-" ? -1 : 1) * (number(10) * 60 + number(11)) * 60_000;
  }
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, fraction);
  return date.getTime() - offset;
}

/** An instant as providers write them: RFC 3339 text, or seconds or milliseconds since 1970. */
export function looseInstant(value: unknown): number | undefined {
  if (typeof value === "string" && value !== "")
    return parseInstant(value) ?? (/^\d+(\.\d+)?$/.test(value) ? looseInstant(Number(value)) : undefined);
  if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) return undefined;
  const ms = value < 1e11 ? value * 1000 : value;
  return ms <= 8.64e15 ? Math.floor(ms) : undefined;
}
