/** A half-open stretch of time, `startAt` ≤ t < `endAt`, in milliseconds since 1970 UTC. */
export interface Period {
  readonly startAt: number;
  readonly endAt: number;
}

type Clock = (at: number) => { year: number; month: number; day: number; asUtc: number };

const dayMs = 86_400_000;

/** The calendar day and month around an instant in a time zone; days of 23 or 25 hours included. */
export function localPeriods(
  now: number,
  timeZone: string,
): { readonly day: Period; readonly month: Period } {
  const clock = clockOf(timeZone);
  const { year, month, day } = clock(now);
  const start = (y: number, m: number, d: number) => startOfDay(clock, Date.UTC(y, m - 1, d));
  return {
    day: { startAt: start(year, month, day), endAt: start(year, month, day + 1) },
    month: { startAt: start(year, month, 1), endAt: start(year, month + 1, 1) },
  };
}

function clockOf(timeZone: string): Clock {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "gregory",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const read = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const [year, month, day] = [read("year"), read("month"), read("day")];
    const asUtc = Date.UTC(year, month - 1, day, read("hour"), read("minute"), read("second"));
    return { year, month, day, asUtc };
  };
}

/**
 * The first instant of a local day, given the same date's midnight in UTC. A clock change may fall on midnight itself,
 * so the offsets of a day before and after are both tried.
 */
function startOfDay(clock: Clock, midnightUtc: number): number {
  const offsetAt = (at: number) => clock(at).asUtc - at;
  const candidates = [
    midnightUtc - offsetAt(midnightUtc - dayMs),
    midnightUtc - offsetAt(midnightUtc + dayMs),
  ];
  const onTheDay = candidates.filter((at) => clock(at).asUtc >= midnightUtc);
  return Math.min(...(onTheDay.length > 0 ? onTheDay : candidates));
}
