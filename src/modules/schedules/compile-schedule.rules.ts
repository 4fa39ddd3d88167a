import type { RruleSchedule, Schedule } from "../../../contracts/schedules.ts";
import { parseLocal } from "../../kernel/civil.ts";
import { problem } from "../../kernel/problem.ts";
import { type Zone, zoneOf } from "../../kernel/zone.ts";
import { cronCalendar } from "./cron/cron-calendar.rules.ts";
import { parseCron } from "./cron/parse-cron.rules.ts";
import { parseRrule } from "./rrule/parse-rrule.rules.ts";
import { rruleCalendar } from "./rrule/rrule-calendar.rules.ts";
import { dstNote, type ZonedCalendar, zonedRunAfter, zonedRunBefore } from "./zoned-runs.rules.ts";

export type RunNote = "dst_gap" | "dst_overlap";

/** A schedule ready to be asked. All instants are ms UTC; the answers depend on the arguments and the zone data only. */
export interface CompiledSchedule {
  readonly zone: Zone;
  /** The first run with `after < run`; null when there is none. */
  readonly next: (after: number) => number | null;
  /** The last run with `run < before`; null when there is none. */
  readonly previous: (before: number) => number | null;
  readonly noteOf: (run: number) => RunNote | undefined;
}

/**
 * Reads a schedule.
 * @throws invalid_input `schedules.cron_invalid`, `schedules.rrule_invalid`, `schedules.invalid_start` or
 * `calendar.unknown_zone`
 */
export function compileSchedule(schedule: Schedule): CompiledSchedule {
  const zone = zoneOf(schedule.zone);
  switch (schedule.kind) {
    case "cron": {
      const calendar = cronCalendar(parseCron(schedule.expression, schedule.dayMatch));
      return zoned({ calendar, zone, dst: schedule.dst }, Number.POSITIVE_INFINITY);
    }
    case "rrule": {
      const rule = parseRrule(schedule.rule, startOf(schedule));
      const until = rule.untilInstant ?? Number.POSITIVE_INFINITY;
      return zoned({ calendar: rruleCalendar(rule), zone, dst: schedule.dst }, until);
    }
    case "interval":
      return everyInterval(zone, Date.parse(schedule.anchorAt), schedule.everyMs);
    case "once":
      return onlyAt(zone, Date.parse(schedule.at));
  }
}

function startOf({ startsAt }: RruleSchedule): number {
  const start = parseLocal(startsAt);
  if (start !== null) return start;
  throw problem("invalid_input", "schedules.invalid_start", `There is no date "${startsAt}".`, {
    errors: [{ pointer: "/startsAt", code: "invalid_start", message: "Write a date that exists." }],
  });
}

function zoned(calendar: ZonedCalendar, until: number): CompiledSchedule {
  return {
    zone: calendar.zone,
    next(after) {
      const run = zonedRunAfter(calendar, after);
      return run !== null && run <= until ? run : null;
    },
    previous: (before) => zonedRunBefore(calendar, Math.min(before, until + 1)),
    noteOf: (run) => dstNote(calendar, run),
  };
}

function everyInterval(zone: Zone, anchor: number, every: number): CompiledSchedule {
  return {
    zone,
    next: (after) => (after < anchor ? anchor : anchor + (Math.floor((after - anchor) / every) + 1) * every),
    previous: (before) =>
      before <= anchor ? null : anchor + (Math.ceil((before - anchor) / every) - 1) * every,
    noteOf: () => undefined,
  };
}

function onlyAt(zone: Zone, at: number): CompiledSchedule {
  return {
    zone,
    next: (after) => (after < at ? at : null),
    previous: (before) => (at < before ? at : null),
    noteOf: () => undefined,
  };
}
