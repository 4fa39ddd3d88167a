import * as z from "zod";
import {
  AlertStatus,
  Annotations,
  Labels,
  SilenceDraft,
  SilenceState,
  Suppression,
} from "../../../contracts/alerts.ts";

const Instant = z.iso.datetime({ offset: true });
const Fingerprint = z.string().regex(/^[0-9a-f]{64}$/, "A fingerprint has 64 hexadecimal digits.");

/** An alert as a sender tells it: it fires from `startsAt` (now) on, until `endsAt`. */
export const SentAlert = z
  .strictObject({
    labels: Labels.refine((labels) => Object.values(labels).some((value) => value !== ""), {
      message: "An alert needs at least one label with a value.",
    }),
    annotations: Annotations.default({}),
    startsAt: Instant.optional(),
    endsAt: Instant.optional(),
    /** Without another word for so long it has ended. */
    expiresAfterMs: z.int().min(1_000).max(31_622_400_000).optional(),
  })
  .refine(
    ({ startsAt, endsAt }) =>
      startsAt === undefined || endsAt === undefined || Date.parse(endsAt) >= Date.parse(startsAt),
    { path: ["endsAt"], message: "An alert can't end before it starts." },
  );
export type SentAlert = z.infer<typeof SentAlert>;

export const TimelineEntry = z.strictObject({
  at: z.iso.datetime(),
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
});

export const Alert = z
  .strictObject({
    fingerprint: z.string(),
    status: AlertStatus,
    lineage: z.string(),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    startsAt: z.iso.datetime(),
    endsAt: z.iso.datetime().nullable(),
    flapping: z.boolean(),
    acknowledgedBy: z.string().nullable(),
  })
  .meta({ id: "Alert" });

export const AlertInDetail = z
  .strictObject({ ...Alert.shape, timeline: z.array(TimelineEntry) })
  .meta({ id: "AlertInDetail" });

export const AlertRef = z.strictObject({ fingerprint: Fingerprint });

export const NewSilence = z.strictObject({
  matchers: SilenceDraft.shape.matchers,
  startsAt: Instant.optional(),
  endsAt: Instant,
  reason: SilenceDraft.shape.reason,
  untilResolved: z.boolean().optional(),
});

export const SavedSilence = z
  .strictObject({
    id: z.string(),
    matchers: SilenceDraft.shape.matchers,
    startsAt: z.iso.datetime(),
    endsAt: z.iso.datetime(),
    reason: z.string(),
    untilResolved: z.boolean(),
    createdBy: z.string(),
    state: SilenceState,
    /** Firing alerts that it mutes now. */
    suppressing: z.int(),
  })
  .meta({ id: "Silence" });

export const Explanation = z
  .strictObject({
    fingerprint: z.string(),
    at: z.iso.datetime(),
    status: AlertStatus.nullable(),
    answers: z.array(
      z.strictObject({
        since: z.iso.datetime(),
        group: z.string(),
        receiver: z.string(),
        channelId: z.string(),
        outcome: z.enum(["sent", "suppressed", "not_asked"]),
        reasons: z.array(Suppression),
        notificationId: z.string().nullable(),
        delivery: z.strictObject({ state: z.string(), detail: z.string().nullable() }).nullable(),
      }),
    ),
    waiting: z.array(z.strictObject({ group: z.string(), receiver: z.string(), until: z.iso.datetime() })),
  })
  .meta({ id: "NotificationExplanation" });
