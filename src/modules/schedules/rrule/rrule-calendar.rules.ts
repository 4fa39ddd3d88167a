import { dayMs } from "../../../kernel/civil.ts";
import type { LocalCalendar } from "../local-calendar.ts";
import type { Rrule } from "./rrule.ts";
import { periodIndex, periodTimes } from "./rrule-period.rules.ts";

const horizonMs = 48 * 366 * dayMs;
const countedMs = 200 * 366 * dayMs;
/** Periods that are tried at least, for rules whose interval is longer than the horizon. */
const leastPeriods = 8;

/** A recurrence rule on the wall clock. A COUNT is counted out once, here. */
export function rruleCalendar(rule: Rrule): LocalCalendar {
  const end = Math.min(rule.untilLocal ?? Number.POSITIVE_INFINITY, countEnd(rule));
  return {
    repeats: false,
    nextFrom(from) {
      const found = search(rule, Math.max(from, rule.start));
      return found !== null && found <= end ? found : null;
    },
    lastUpTo(to) {
      const limit = Math.min(to, end);
      if (limit < rule.start) return null;
      for (let index = periodIndex(rule, limit); index >= 0; index--) {
        const found = periodTimes(rule, index).findLast((time) => time <= limit && time >= rule.start);
        if (found !== undefined) return found;
      }
      return null;
    },
  };
}

function search(rule: Rrule, from: number): number | null {
  const first = periodIndex(rule, from);
  const last = Math.max(periodIndex(rule, from + horizonMs), first + leastPeriods);
  for (let index = first; index <= last; index++) {
    const found = periodTimes(rule, index).find((time) => time >= from);
    if (found !== undefined) return found;
  }
  return null;
}

/** The local time of the last run that COUNT allows; beyond two hundred years the count no longer matters. */
function countEnd(rule: Rrule): number {
  if (rule.count === null) return Number.POSITIVE_INFINITY;
  const last = periodIndex(rule, rule.start + countedMs);
  let left = rule.count;
  for (let index = 0; index <= last; index++) {
    const times = periodTimes(rule, index).filter((time) => time >= rule.start);
    const end = times[left - 1];
    if (end !== undefined) return end;
    left -= times.length;
  }
  return Number.POSITIVE_INFINITY;
}
