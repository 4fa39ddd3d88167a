import type { DstPolicy } from "../../../contracts/schedules.ts";
import {
  localAt,
  offsetAt,
  type Transition,
  transitionAfter,
  transitionBefore,
  widestShiftMs,
  type Zone,
} from "../../kernel/zone.ts";
import type { LocalCalendar } from "./local-calendar.ts";

// Own code because no library keeps the pinned policy: croner 11 drops an interval run that falls into a gap.

/** A recurrence on the wall clock of a zone, with the rule for local times that don't exist or exist twice. */
export interface ZonedCalendar {
  readonly calendar: LocalCalendar;
  readonly zone: Zone;
  readonly dst: DstPolicy;
}

/** The first run with `after < run`, or null. Instants are ms UTC. */
export function zonedRunAfter(zoned: ZonedCalendar, after: number): number | null {
  const { calendar, zone } = zoned;
  let start = after + 1;
  for (;;) {
    const offset = offsetAt(zone, start);
    const opening = transitionBefore(zone, start, start - widestShiftMs);
    const natural = calendar.nextFrom(Math.max(start + offset, freshFrom(calendar, opening)));
    const instant = natural === null ? null : natural - offset;
    const moved = opening === null ? null : movedFrom(zoned, opening, start);
    const found = moved === null || (instant !== null && instant <= moved) ? instant : moved;
    const closing = transitionAfter(zone, start, found ?? start + widestShiftMs);
    if (closing === null) return found;
    start = closing.at;
  }
}

/** The last run with `run < before`, or null. */
export function zonedRunBefore(zoned: ZonedCalendar, before: number): number | null {
  const { calendar, zone } = zoned;
  let end = before - 1;
  for (;;) {
    const offset = offsetAt(zone, end);
    const natural = calendar.lastUpTo(end + offset);
    const instant = natural === null ? null : natural - offset;
    const opening = transitionBefore(zone, end, (instant ?? end) - widestShiftMs);
    if (opening === null) return instant;
    const fresh = Math.max(opening.at, freshFrom(calendar, opening) - offset);
    const moved = movedUpTo(zoned, opening, end);
    const found = instant !== null && instant >= fresh ? Math.max(instant, moved ?? instant) : moved;
    if (found !== null) return found;
    end = opening.at - 1;
  }
}

/** Why a run is not where its wall clock time alone would put it. */
export function dstNote(zoned: ZonedCalendar, run: number): "dst_gap" | "dst_overlap" | undefined {
  const local = localAt(zoned.zone, run);
  if (zoned.calendar.nextFrom(local) !== local) return "dst_gap";
  const near = transitionBefore(zoned.zone, run + widestShiftMs, run - widestShiftMs);
  if (near === null) return undefined;
  const repeated = near.at + near.after <= local && local < near.at + near.before;
  return repeated ? "dst_overlap" : undefined;
}

/** The first local time that the clocks had not shown before the transition, when a repeated time is not due again. */
function freshFrom(calendar: LocalCalendar, opening: Transition | null): number {
  if (opening === null || opening.after >= opening.before || calendar.repeats)
    return Number.NEGATIVE_INFINITY;
  return opening.at + opening.before;
}

/** The first run at `start` or later that comes from a local time which the transition skipped. */
function movedFrom(
  { calendar, dst }: ZonedCalendar,
  { at, before, after }: Transition,
  start: number,
): number | null {
  if (after <= before || dst === "skip" || (dst === "vixie" && start > at)) return null;
  const skipped = calendar.nextFrom(Math.max(at, start) + before);
  if (skipped === null || skipped >= at + after) return null;
  return dst === "vixie" ? at : skipped - before;
}

/** The last run up to `end` that comes from a local time which the transition skipped. */
function movedUpTo(
  { calendar, dst }: ZonedCalendar,
  { at, before, after }: Transition,
  end: number,
): number | null {
  if (after <= before || dst === "skip") return null;
  const limit = dst === "vixie" ? at + after - 1 : Math.min(at + after - 1, end + before);
  const skipped = calendar.lastUpTo(limit);
  if (skipped === null || skipped < at + before) return null;
  return dst === "vixie" ? at : skipped - before;
}
