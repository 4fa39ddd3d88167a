import { civilOf, dayMs, dayNumber, dayOf } from "../../../kernel/civil.ts";
import { localAt, placesOf, zoneOf } from "../../../kernel/zone.ts";

/** The first instant (epoch ms) after `now` whose local date is later than the local date of `now`. */
export function dayEnd(zone: string, now: number): number {
  return nextStart(zone, now, (today) => today + 1);
}

/** The first instant (epoch ms) after `now` that lies in a later local month than `now`. */
export function monthEnd(zone: string, now: number): number {
  return nextStart(zone, now, (today) => {
    const { year, month } = civilOf(today);
    return dayNumber(year, month + 1, 1);
  });
}

/** Where clocks go back over midnight a date begins twice; the one after `now` counts. */
function nextStart(name: string, now: number, later: (today: number) => number): number {
  const zone = zoneOf(name);
  const { instants, gap } = placesOf(zone, later(dayOf(localAt(zone, now))) * dayMs);
  const next = [...instants, gap?.at ?? now].find((at) => at > now);
  if (next === undefined) throw new Error(`${name} has no date after ${now}.`);
  return next;
}
