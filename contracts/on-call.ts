import * as z from "zod";
import { TimeInterval, ZoneName } from "./schedules.ts";

const Id = z.string().min(1).max(128);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "HH:MM.");
const longestMs = 31 * 86_400_000;

/** Whom an escalation step tells. A schedule means whoever is on call in it, a team all of its members. */
export const NotifyTarget = z.strictObject({ kind: z.enum(["channel", "user", "schedule", "team"]), id: Id });
export type NotifyTarget = z.infer<typeof NotifyTarget>;

/** Whom to tell when nobody is on call; it can't be a schedule, so it always ends somewhere. */
export const FallbackTarget = z.strictObject({ kind: z.enum(["channel", "user", "team"]), id: Id });
export type FallbackTarget = z.infer<typeof FallbackTarget>;

export const Weekday = z.enum(["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]);
export type Weekday = z.infer<typeof Weekday>;

/** A part of the day in which a layer is on duty; `until` at or before `from` is on the next day. */
export const DutyHours = z.strictObject({
  from: clock,
  until: clock,
  /** The weekdays on which it begins; each when absent. */
  weekdays: z.array(Weekday).min(1).max(7).optional(),
});
export type DutyHours = z.infer<typeof DutyHours>;

/** People who take turns. */
export const RotationLayer = z.strictObject({
  name: z.string().min(1).max(200),
  /** User ids in the order of their turns; one may come several times. */
  participants: z.array(Id).min(1).max(100),
  /** The first turn begins on this local date at `handoverAt`; for weeks its weekday is the day of handover. */
  startsOn: z.iso.date(),
  handoverAt: clock,
  /** The length of a turn: days and weeks by the wall clock, hours in elapsed time. */
  turn: z.strictObject({ unit: z.enum(["hour", "day", "week"]), count: z.int().min(1).max(1000) }),
  /** The layer ends with the start of this local date. */
  endsOn: z.iso.date().nullable().default(null),
  /** When the layer is on duty within its turns; always when empty. */
  dutyHours: z.array(DutyHours).max(20).default([]),
});
export type RotationLayer = z.infer<typeof RotationLayer>;

/** Someone stands in from one instant up to another; a later entry of the list beats an earlier one. */
export const OnCallOverride = z.strictObject({
  userId: Id,
  from: z.iso.datetime({ offset: true }),
  until: z.iso.datetime({ offset: true }),
});
export type OnCallOverride = z.infer<typeof OnCallOverride>;

/** Who is on call. An override beats every layer, a later layer beats an earlier one, the fallback fills every gap. */
export const OnCallSchedule = z
  .strictObject({
    zone: ZoneName,
    layers: z.array(RotationLayer).max(20),
    overrides: z.array(OnCallOverride).max(500).default([]),
    fallback: FallbackTarget,
  })
  .meta({ id: "OnCallSchedule" });
export type OnCallSchedule = z.infer<typeof OnCallSchedule>;

/** One step of an escalation: it tells its targets, then waits for someone to acknowledge. */
export const EscalationStep = z
  .strictObject({
    targets: z.array(NotifyTarget).min(1).max(20),
    /** How long to wait after each telling before the next one or the next step. */
    waitMs: z.int().min(0).max(longestMs),
    /** How many times more the step tells its targets before it gives way to the next. */
    repeat: z.int().min(0).max(20).default(0),
    /** The step is passed over, without a wait, unless all that is given here holds when its turn comes. */
    onlyIf: z
      .strictObject({
        severities: z.array(z.string().min(1).max(64)).min(1).max(20).optional(),
        /** The name of a time interval. */
        interval: Id.optional(),
      })
      .optional(),
  })
  .refine(({ repeat, waitMs }) => repeat === 0 || waitMs >= 1000, {
    message: "A step that repeats must wait at least a second.",
    path: ["waitMs"],
  });
export type EscalationStep = z.infer<typeof EscalationStep>;

export const EscalationPolicy = z
  .strictObject({
    steps: z.array(EscalationStep).min(1).max(20),
    /** How many times the whole list is gone through. */
    rounds: z.int().min(1).max(10).default(1),
    /** An acknowledgement is worth this long; then the escalation goes on where it stood. Null: until resolved. */
    ackTimeoutMs: z.int().min(60_000).max(longestMs).nullable().default(null),
  })
  .refine(({ rounds, steps }) => rounds === 1 || (steps.at(-1)?.waitMs ?? 0) >= 1000, {
    message: "The last step must wait at least a second before another round.",
    path: ["steps"],
  })
  .meta({ id: "EscalationPolicy" });
export type EscalationPolicy = z.infer<typeof EscalationPolicy>;

const Name = z.string().min(1).max(200);

/** A policy with a name, as it is written down. */
export const NamedPolicy = EscalationPolicy.safeExtend({ name: Name });
export type NamedPolicy = z.infer<typeof NamedPolicy>;

/** An override as it is kept: with an id by which it can be ended, and who entered it. */
export const SavedOverride = z.strictObject({ ...OnCallOverride.shape, id: Id, createdBy: z.string() });
export type SavedOverride = z.infer<typeof SavedOverride>;

/** An on-call schedule as it is written down; overrides come and go by themselves. */
export const OnCallDraft = z.strictObject({
  name: Name,
  zone: OnCallSchedule.shape.zone,
  layers: OnCallSchedule.shape.layers,
  fallback: OnCallSchedule.shape.fallback,
});
export type OnCallDraft = z.infer<typeof OnCallDraft>;

/** People who are told together. */
export const Team = z.strictObject({ name: Name, members: z.array(Id).min(1).max(100) });
export type Team = z.infer<typeof Team>;

/** One way to reach a person. */
export const Contact = z.strictObject({
  channelId: Id,
  /** Only what has one of these severities comes this way; everything when absent. */
  severities: z.array(z.string().min(1).max(64)).min(1).max(20).optional(),
  /** Marked sent before it is sent, so that it is never sent twice: a telephone call. */
  atMostOnce: z.boolean().optional(),
});
export type Contact = z.infer<typeof Contact>;

/** How a person wants to be told by escalations. */
export const NotificationPreferences = z.strictObject({
  contacts: z.array(Contact).max(10),
  /** Nothing comes in these times, in the zone of each; what still holds is told after them, in one message. */
  quietHours: z.array(TimeInterval).max(20).default([]),
  /** What comes within so long is told in one message; null: each at once. */
  digestMs: z.int().min(60_000).max(86_400_000).nullable().default(null),
  /** Alerts of these severities come at once, at any time. */
  urgentSeverities: z.array(z.string().min(1).max(64)).max(20).default(["critical"]),
});
export type NotificationPreferences = z.infer<typeof NotificationPreferences>;
