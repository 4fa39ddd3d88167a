const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether the text names an IANA time zone that this runtime knows. */
export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** The first instant (epoch ms) whose local date is later than the local date of `now`. */
export function dayEnd(zone: string, now: number): number {
  const today = localDate(zone, now).day;
  return firstInstant(now, now + 50 * 3_600_000, (at) => localDate(zone, at).day > today);
}

/** The first instant (epoch ms) that lies in a later local month than `now`. */
export function monthEnd(zone: string, now: number): number {
  const month = localDate(zone, now).month;
  return firstInstant(now, now + 33 * 86_400_000, (at) => localDate(zone, at).month > month);
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
      timeZone: zone,
      year: "numeric",
      month: "numeric",
      day: "numeric",
    });
    formats.set(zone, format);
  }
  return format;
}

function localDate(zone: string, at: number): { day: number; month: number } {
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) part[type] = Number(value);
  const month = (part.year ?? 0) * 100 + (part.month ?? 0);
  return { day: month * 100 + (part.day ?? 0), month };
}

/** Bisection: `holds` is false at `low`, true at `high`, and changes once in between. */
function firstInstant(low: number, high: number, holds: (at: number) => boolean): number {
  let [before, after] = [low, high];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (holds(middle)) after = middle;
    else before = middle;
  }
  return after;
}
