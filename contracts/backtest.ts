import * as z from "zod";
import { EventData } from "./events.ts";

/** Most events that a request may bring itself. */
export const mostInlineEvents = 1_000;
/** Most events of history that one backtest reads. */
export const mostReplayedEvents = 100_000;

const Instant = z.iso.datetime({ offset: true });
const count = z.int().nonnegative();
const Labels = z.record(z.string(), z.string());

/** An event as an author writes one to try a rule with. */
export const DraftEvent = z.strictObject({
  type: z.string().min(1).max(512),
  data: EventData.optional(),
  /** When it happened; when it arrived where that is left out. */
  time: Instant.optional(),
  /** When it arrived; when it happened where that is left out. */
  arrivedAt: Instant.optional(),
  id: z.string().min(1).max(512).optional(),
  source: z.string().min(1).max(2048).optional(),
  sourceId: z.string().min(1).max(128).optional(),
  subject: z.string().max(512).optional(),
});
export type DraftEvent = z.infer<typeof DraftEvent>;

/** What the engine counted of one version. */
export const BacktestCounts = z
  .strictObject({
    /** Events, or polls, that were replayed. */
    events: count,
    /** Those that the rule took: its sources, its `where`, a key. */
    taken: count,
    late: count,
    duplicates: count,
    nullKeys: count,
    refusedKeys: count,
    keys: count,
    matches: count,
    fired: count,
    resolved: count,
    errors: count,
    /** Actions that a cooldown or flapping held back. */
    suppressed: count,
    steps: count,
  })
  .meta({ id: "BacktestCounts" });
export type BacktestCounts = z.infer<typeof BacktestCounts>;

/** What made something happen. */
export const BacktestCause = z.discriminatedUnion("by", [
  z.strictObject({
    by: z.literal("events"),
    events: z.array(z.strictObject({ source: z.string(), id: z.string() })),
    omitted: count,
  }),
  z.strictObject({ by: z.literal("window"), start: z.string(), end: z.string(), revision: count }),
  z.strictObject({ by: z.enum(["schedule", "samples", "timer"]), at: z.string() }),
]);
export type BacktestCause = z.infer<typeof BacktestCause>;

/** A match, or an alert that went from one state to another. `at` is the rule's time, `decidedAt` the clock's. */
export const BacktestMoment = z
  .strictObject({
    at: z.string(),
    decidedAt: z.string(),
    kind: z.enum(["match", "transition"]),
    key: z.array(z.unknown()),
    labels: Labels,
    from: z.string().optional(),
    to: z.string().optional(),
    reason: z.string().optional(),
    cause: BacktestCause,
    matchId: z.string(),
    values: z.record(z.string(), z.unknown()),
    annotations: Labels,
    suppressed: z.array(z.string()),
  })
  .meta({ id: "BacktestMoment" });
export type BacktestMoment = z.infer<typeof BacktestMoment>;

/** A notification that would have gone out, after grouping. */
export const BacktestNotification = z
  .strictObject({
    at: z.string(),
    channelId: z.string(),
    receiver: z.string(),
    status: z.enum(["firing", "resolved"]),
    repeat: z.boolean(),
    groupLabels: Labels,
    firing: count,
    resolved: count,
  })
  .meta({ id: "BacktestNotification" });
export type BacktestNotification = z.infer<typeof BacktestNotification>;

export const BacktestNotifications = z
  .strictObject({
    count,
    byChannel: z.record(z.string(), count),
    /** The first ones. */
    items: z.array(BacktestNotification),
  })
  .meta({ id: "BacktestNotifications" });
export type BacktestNotifications = z.infer<typeof BacktestNotifications>;

/** One time that a rule fired or matched; `endedAt` null: still open at the end. */
export const Firing = z
  .strictObject({
    key: z.array(z.unknown()),
    labels: Labels,
    at: z.string(),
    endedAt: z.string().nullable(),
  })
  .meta({ id: "Firing" });
export type Firing = z.infer<typeof Firing>;

/** How two versions differ over the same events: firings of the same key that overlap in time are the same one. */
export const BacktestDifference = z
  .strictObject({
    same: count,
    /** Only the version that is tried fires. */
    fires: z.array(Firing),
    /** Only the other one does: it would not fire any more. */
    firesNoMore: z.array(Firing),
    /** Both do, but begin at different times. */
    moved: z.array(z.strictObject({ before: Firing, after: Firing })),
    counts: z.strictObject({ fires: count, firesNoMore: count, moved: count }),
  })
  .meta({ id: "BacktestDifference" });
export type BacktestDifference = z.infer<typeof BacktestDifference>;

export const BacktestHealth = z.strictObject({ at: z.string(), code: z.string(), detail: z.string() });

export const BacktestSide = z
  .strictObject({
    /** Null: a definition that is no version yet. */
    version: z.int().nullable(),
    counts: BacktestCounts,
    notifications: BacktestNotifications,
  })
  .meta({ id: "BacktestSide" });
export type BacktestSide = z.infer<typeof BacktestSide>;

export const BacktestReport = z
  .strictObject({
    ruleId: z.string(),
    version: z.int().nullable(),
    from: z.string(),
    to: z.string(),
    /** How far it came: `to`, unless it was cut short. */
    reachedAt: z.string(),
    /** Why it was cut short: too many events, or too much work. */
    truncated: z.enum(["events", "work"]).nullable(),
    counts: BacktestCounts,
    /** The first moments, in the order in which they were decided. */
    timeline: z.array(BacktestMoment),
    timelineOmitted: count,
    notifications: BacktestNotifications,
    /** What the author should see: errors of evaluation, caps that were reached. */
    problems: z.array(BacktestHealth),
    /** The live version over the same events; null when there is none. */
    live: BacktestSide.nullable(),
    difference: BacktestDifference.nullable(),
    /** SHA-256 of the canonical JSON of all the rest: the same input has the same hash. */
    hash: z.string(),
  })
  .meta({ id: "BacktestReport" });
export type BacktestReport = z.infer<typeof BacktestReport>;
