import * as z from "zod";
import { MaintenanceTimes, TimeInterval } from "./schedules.ts";

/** Integer milliseconds since 1970 UTC. */
const Instant = z.int().nonnegative();
const DurationMs = z.int().nonnegative().max(31_622_400_000);
const Id = z.string().min(1).max(128);
const LabelName = z
  .string()
  .min(1)
  .max(128)
  .refine((name) => name !== "__proto__", "A label can not have this name.");

/** Labels name an alert: equal labels of one rule lineage are the same alert. An empty value is a missing label. */
export const Labels = z
  .record(LabelName, z.string().max(1024))
  .refine((labels) => Object.keys(labels).length <= 64, "An alert may have 64 labels at most.");
export type Labels = Readonly<z.infer<typeof Labels>>;

/** Texts about an alert that do not name it. */
export const Annotations = z
  .record(LabelName, z.string().max(8192))
  .refine((texts) => Object.keys(texts).length <= 32, "An alert may have 32 annotations at most.");
export type Annotations = Readonly<z.infer<typeof Annotations>>;

/** A condition on one label. `=~` and `!~` take an RE2 pattern that must match the whole value; a missing label is "". */
export const Matcher = z.strictObject({
  name: LabelName,
  op: z.enum(["=", "!=", "=~", "!~"]),
  value: z.string().max(1024),
});
export type Matcher = z.infer<typeof Matcher>;

/** What made something happen: the events, the window, the poll or the time, and the numbers that were seen. */
export const Evidence = z.strictObject({
  by: z.enum(["events", "window", "schedule", "samples", "timer"]),
  /** The events that made it happen, the first of them. */
  events: z
    .array(z.strictObject({ source: z.string(), id: z.string() }))
    .max(50)
    .optional(),
  start: z.int().optional(),
  end: z.int().optional(),
  at: z.int().optional(),
  values: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])).optional(),
});
export type Evidence = z.infer<typeof Evidence>;

/**
 * What a rule says of one alert: that it fires (`endsAt` null or in the future) or that it ended. (`updatedAt`, `seq`)
 * orders what was said; the same signal may be said again.
 */
export const AlertSignal = z.strictObject({
  /** The rule's lineage: survives compatible edits of the rule. */
  lineage: Id,
  labels: Labels,
  annotations: Annotations,
  startsAt: Instant,
  endsAt: Instant.nullable(),
  updatedAt: Instant,
  seq: z.int().nonnegative(),
  /** A sender that must keep saying that the alert fires: without a word for so long it has ended. */
  expiresAfterMs: DurationMs.optional(),
  /** After a notification no other about this alert goes to the same channel for so long. */
  cooldownMs: DurationMs.optional(),
  flapping: z.boolean().optional(),
  /** Why the alert ended, where it isn't that its condition ceased: its rule was switched off, say. */
  reason: z.string().min(1).max(200).optional(),
  evidence: Evidence.optional(),
});
export type AlertSignal = z.infer<typeof AlertSignal>;

export const AlertStatus = z.enum(["firing", "resolved"]);
export type AlertStatus = z.infer<typeof AlertStatus>;

/** Why an alert was not told, the weightiest first. */
export const suppressionReasons = [
  "maintenance",
  "silence",
  "inhibition",
  "flapping",
  "cooldown",
  "rate_limit",
  "quiet_hours",
  "dedupe",
] as const;
export const SuppressionReason = z.enum(suppressionReasons);
export type SuppressionReason = z.infer<typeof SuppressionReason>;

/** One reason with what caused it (the id of a silence, say) and until when it holds, where that is known. */
export const Suppression = z.strictObject({
  reason: SuppressionReason,
  by: z.string().optional(),
  until: Instant.nullable().optional(),
});
export type Suppression = z.infer<typeof Suppression>;

/** A silence as it is asked for: mutes what all its matchers match in [startsAt, endsAt). */
export const SilenceDraft = z.strictObject({
  matchers: z.array(Matcher).min(1).max(32),
  startsAt: Instant,
  endsAt: Instant,
  reason: z.string().min(1).max(2000),
  /** Ends as soon as nothing that it muted fires any more. */
  untilResolved: z.boolean().optional(),
});
export type SilenceDraft = z.infer<typeof SilenceDraft>;

export const SilenceState = z.enum(["pending", "active", "expired"]);
export type SilenceState = z.infer<typeof SilenceState>;

/** While an alert fires that `source` matches, those are muted that `target` matches and whose `equal` labels agree. */
export const InhibitionRule = z.strictObject({
  id: Id,
  source: z.array(Matcher).min(1).max(32),
  target: z.array(Matcher).min(1).max(32),
  equal: z.array(LabelName).max(32),
});
export type InhibitionRule = z.infer<typeof InhibitionRule>;

/** Planned work on what `matchers` match (everything when empty). It mutes: rules go on, so that their states are right afterwards. */
export const MaintenanceScope = z.strictObject({
  id: Id,
  name: z.string().min(1).max(200),
  matchers: z.array(Matcher).max(32),
  times: MaintenanceTimes,
  mode: z.enum(["mute"]),
});
export type MaintenanceScope = z.infer<typeof MaintenanceScope>;

/** A channel as a receiver uses it. */
export const ReceiverChannel = z.strictObject({
  channelId: Id,
  /** Whether the end of an alert is told too; true unless said otherwise. */
  sendResolved: z.boolean().optional(),
  /** At most `max` notifications in any `windowMs`. */
  rateLimit: z
    .strictObject({ max: z.int().min(1).max(1000), windowMs: DurationMs.refine((ms) => ms > 0) })
    .optional(),
  /** Nothing is sent in this time interval; what happened is told after it, as one digest if asked for. */
  quietHours: z.strictObject({ interval: Id, digest: z.boolean() }).optional(),
  /** Marked sent before it is sent, so that it is never sent twice: a telephone call. */
  atMostOnce: z.boolean().optional(),
});
export type ReceiverChannel = z.infer<typeof ReceiverChannel>;

export const Receiver = z.strictObject({ name: Id, channels: z.array(ReceiverChannel).max(20) });
export type Receiver = z.infer<typeof Receiver>;

/**
 * A node of the routing tree: what its matchers match goes to its first matching child (and on to the next while
 * `continue` says so), or stays with it when no child matches. Unset values are the parent's; mute and active time
 * intervals are the node's own.
 */
export const Route = z.strictObject({
  matchers: z.array(Matcher).max(32).optional(),
  receiver: Id.optional(),
  groupBy: z.union([z.literal("all"), z.array(LabelName).max(32)]).optional(),
  groupWaitMs: DurationMs.optional(),
  groupIntervalMs: DurationMs.optional(),
  repeatIntervalMs: DurationMs.optional(),
  continue: z.boolean().optional(),
  muteIntervals: z.array(Id).max(20).optional(),
  activeIntervals: z.array(Id).max(20).optional(),
  /** The escalation policy that a group starts when it is told first; null: none, whatever the parent has. */
  escalation: Id.nullable().optional(),
  get routes() {
    return z.array(Route).max(500).optional();
  },
});
export type Route = z.infer<typeof Route>;

/** How a tenant's alerts are told. One of the entries of a named time interval is enough. */
export const RoutingConfig = z.strictObject({
  route: Route,
  receivers: z.array(Receiver).max(500),
  inhibitions: z.array(InhibitionRule).max(200),
  maintenance: z.array(MaintenanceScope).max(500),
  timeIntervals: z.record(Id, z.array(TimeInterval).min(1).max(50)),
});
export type RoutingConfig = z.infer<typeof RoutingConfig>;

/** An alert as a notification shows it. */
export const NotifiedAlert = z.strictObject({
  fingerprint: z.string(),
  status: AlertStatus,
  labels: Labels,
  annotations: Annotations,
  startsAt: Instant,
  endsAt: Instant.nullable(),
  acknowledgedBy: z.string().optional(),
});
export type NotifiedAlert = z.infer<typeof NotifiedAlert>;

/** That an alert began or ceased to change its state too often. */
export const FlappingNotice = z.strictObject({
  fingerprint: z.string(),
  kind: z.enum(["flapping_started", "flapping_stopped"]),
  at: Instant,
});
export type FlappingNotice = z.infer<typeof FlappingNotice>;

/** The telling of an escalation that a message is: which policy, how far it is, and for whom. */
export const EscalationTelling = z.strictObject({
  policyId: z.string(),
  policyName: z.string(),
  /** Zero-based, as `step`; `attempt` counts the tellings of the step from 1. */
  round: z.int().nonnegative(),
  step: z.int().nonnegative(),
  attempt: z.int().positive(),
  /** Null where the step names the channel itself. */
  userId: z.string().nullable(),
});
export type EscalationTelling = z.infer<typeof EscalationTelling>;

/** One message for one channel. `id` is the same however often the decision is made anew. */
export const Notification = z.strictObject({
  id: z.string(),
  tenantId: z.string(),
  channelId: z.string(),
  receiver: z.string(),
  /** `group`: by the routing; `escalation`: to whom a policy names; `digest`: what was held back, in one. */
  kind: z.enum(["group", "digest", "escalation"]),
  status: AlertStatus,
  /** Nothing changed since the last message; it is only said again. */
  repeat: z.boolean(),
  groupKey: z.string(),
  groupLabels: Labels,
  commonLabels: Labels,
  commonAnnotations: Annotations,
  firingCount: z.int().nonnegative(),
  resolvedCount: z.int().nonnegative(),
  /** Firing first, then by start; `omitted` more did not fit. */
  alerts: z.array(NotifiedAlert),
  omitted: z.int().nonnegative(),
  notices: z.array(FlappingNotice),
  atMostOnce: z.boolean(),
  escalation: EscalationTelling.optional(),
  createdAt: Instant,
});
export type Notification = z.infer<typeof Notification>;
