const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d+)?([Zz]|([+-])(\d{2}):(\d{2}))$/;

/** Milliseconds of an RFC 3339 timestamp, digits below a millisecond cut off; undefined when it is none. */
export function parseInstant(text: string): number | undefined {
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
