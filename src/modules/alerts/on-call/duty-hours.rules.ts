import type { DutyHours } from "../../../../contracts/on-call.ts";
import { dayMs, dayOf, weekdayOf } from "../../../kernel/civil.ts";
import { firstInstantOf, localAt, type Zone } from "../../../kernel/zone.ts";

const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/** Instants [from, until), ms UTC. */
interface Span {
  readonly from: number;
  readonly until: number;
}

/** Whether the hours of duty hold at an instant; no hours at all hold always. */
export function onDuty(hours: readonly DutyHours[], zone: Zone, at: number): boolean {
  if (hours.length === 0) return true;
  return spansAround(hours, zone, at).some(({ from, until }) => from <= at && at < until);
}

/** The first instant after `at` at which hours of duty begin or end; null when they hold always. */
export function dutyEdgeAfter(hours: readonly DutyHours[], zone: Zone, at: number): number | null {
  const edges = spansAround(hours, zone, at).flatMap(({ from, until }) => [from, until]);
  const later = edges.filter((edge) => edge > at);
  return later.length === 0 ? null : Math.min(...later);
}

/** The spans that begin from two days before to eight days after the local day: each weekday comes, each end too. */
function spansAround(hours: readonly DutyHours[], zone: Zone, at: number): Span[] {
  const today = dayOf(localAt(zone, at));
  const spans: Span[] = [];
  for (const duty of hours) {
    for (let day = today - 2; day <= today + 8; day++) {
      if (duty.weekdays?.some((name) => name === weekdays[weekdayOf(day)]) === false) continue;
      const endDay = duty.until <= duty.from ? day + 1 : day;
      spans.push({
        from: firstInstantOf(zone, day * dayMs + clockMs(duty.from)),
        until: firstInstantOf(zone, endDay * dayMs + clockMs(duty.until)),
      });
    }
  }
  return spans;
}

/** Milliseconds since midnight of `HH:MM`. */
export function clockMs(clock: string): number {
  return (Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))) * 60_000;
}
