import * as z from "zod";

/** An IANA time zone by name; whether the runtime knows it is checked when the schedule is. */
export const ZoneName = z
  .string()
  .max(64)
  .regex(/^[A-Za-z][A-Za-z0-9_+/-]*$/, "An IANA name such as Asia/Seoul or UTC.");
export type ZoneName = z.infer<typeof ZoneName>;

/** A date and time of a wall clock, as in `2026-03-08T09:00`; the zone stands beside it. */
export const LocalDateTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/, "Date and time without an offset, as in 2026-03-08T09:00.");

/**
 * What becomes of a local time that summer time skips or repeats.
 * `vixie`: a skipped run starts at the end of the gap, once; a repeated fixed time runs in its first pass only.
 * `skip`: a skipped run does not happen. `shift`: it happens later by the width of the gap. In all of them a schedule
 * with a wildcard, range or step in its seconds, minutes or hours runs in both passes of an overlap.
 */
export const DstPolicy = z.enum(["vixie", "skip", "shift"]);
export type DstPolicy = z.infer<typeof DstPolicy>;

export const CronSchedule = z.strictObject({
  kind: z.literal("cron"),
  /** Five fields (minute hour day month weekday), or six with seconds first, or a macro such as `@daily`. */
  expression: z.string().min(1).max(200),
  zone: ZoneName.default("UTC"),
  /** When both day fields are restricted: either may match (`or`), or both must (`and`). */
  dayMatch: z.enum(["or", "and"]).default("or"),
  dst: DstPolicy.default("vixie"),
});
export type CronSchedule = z.infer<typeof CronSchedule>;

/** Runs at anchor + n·period for n = 0, 1, 2 …, in elapsed time: clocks that change don't matter. */
export const IntervalSchedule = z.strictObject({
  kind: z.literal("interval"),
  everyMs: z
    .int()
    .min(1000)
    .max(366 * 86_400_000),
  anchorAt: z.iso.datetime({ offset: true }),
  zone: ZoneName.default("UTC"),
});
export type IntervalSchedule = z.infer<typeof IntervalSchedule>;

export const OnceSchedule = z.strictObject({
  kind: z.literal("once"),
  at: z.iso.datetime({ offset: true }),
  zone: ZoneName.default("UTC"),
});
export type OnceSchedule = z.infer<typeof OnceSchedule>;

/** A calendar rule of RFC 5545: FREQ DAILY to YEARLY and the parts that the parser names when it refuses one. */
export const RruleSchedule = z.strictObject({
  kind: z.literal("rrule"),
  rule: z.string().min(1).max(500),
  /** DTSTART: the series starts here, and takes from here what the rule does not say. */
  startsAt: LocalDateTime,
  zone: ZoneName.default("UTC"),
  dst: DstPolicy.default("vixie"),
});
export type RruleSchedule = z.infer<typeof RruleSchedule>;

export const Schedule = z
  .discriminatedUnion("kind", [CronSchedule, IntervalSchedule, OnceSchedule, RruleSchedule])
  .meta({ id: "Schedule" });
export type Schedule = z.infer<typeof Schedule>;

/** What happens to runs that were missed for more than a minute: none, the newest one, or the newest `max`. */
export const CatchUp = z.discriminatedUnion("mode", [
  z.strictObject({ mode: z.literal("none") }),
  z.strictObject({ mode: z.literal("last") }),
  z.strictObject({ mode: z.literal("all"), max: z.int().min(1).max(500) }),
]);
export type CatchUp = z.infer<typeof CatchUp>;

export const RunPolicy = z.strictObject({
  /** A run starts up to this much later than scheduled, always the same for the same job and scheduled time. */
  jitterMs: z.int().min(0).max(3_600_000).default(0),
  catchUp: CatchUp.default({ mode: "last" }),
  /** A run that could not start within this time after it was due is dropped; null keeps it. */
  deadlineMs: z.int().min(1000).nullable().default(null),
  /** While a run is going: start beside it, drop the new one, or stop the old one. */
  overlap: z.enum(["allow", "forbid", "replace"]).default("allow"),
});
export type RunPolicy = z.infer<typeof RunPolicy>;

const ranges = z.array(z.string().min(1).max(40)).min(1).max(50);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "HH:MM, at most 24:00.");

/**
 * Times at which something holds, in the way of Alertmanager: each field that is given must match, one entry of a
 * field is enough. Ranges are `a` or `a:b`, both ends included; days of month may count from the end (-1 is the last).
 */
export const TimeInterval = z
  .strictObject({
    /** From `from` up to but without `until`, in local wall-clock time. */
    times: z
      .array(z.strictObject({ from: clock, until: clock }))
      .min(1)
      .max(50)
      .optional(),
    /** `monday`, `monday:friday`. */
    weekdays: ranges.optional(),
    /** `1`, `1:7`, `-3:-1`. */
    daysOfMonth: ranges.optional(),
    /** `january`, `june:august`, `6:8`. */
    months: ranges.optional(),
    /** `2026`, `2026:2028`. */
    years: ranges.optional(),
    zone: ZoneName.default("UTC"),
  })
  .meta({ id: "TimeInterval" });
export type TimeInterval = z.infer<typeof TimeInterval>;

/** When a maintenance window is open: between two instants, for a time after each run of a schedule, or in intervals. */
export const MaintenanceTimes = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("span"),
    from: z.iso.datetime({ offset: true }),
    until: z.iso.datetime({ offset: true }),
  }),
  z.strictObject({
    kind: z.literal("recurring"),
    schedule: z.discriminatedUnion("kind", [CronSchedule, RruleSchedule]),
    durationMs: z
      .int()
      .min(60_000)
      .max(31 * 86_400_000),
  }),
  z.strictObject({ kind: z.literal("intervals"), intervals: z.array(TimeInterval).min(1).max(50) }),
]);
export type MaintenanceTimes = z.infer<typeof MaintenanceTimes>;
