import * as z from "zod";
import { type AlertStatus, Suppression } from "../../../contracts/alerts.ts";
import type { HubStore } from "./hub/hub-store.ts";
import type { TimelineRow } from "./hub/rows.ts";

const NotedVerdict = z.object({
  group: z.string(),
  receiver: z.string(),
  channelId: z.string(),
  outcome: z.enum(["sent", "suppressed", "not_asked"]),
  reasons: z.array(Suppression),
  notificationId: z.string().optional(),
});
const NotedGroup = z.object({ group: z.string(), receiver: z.string(), until: z.int() });
const NotedDelivery = z.object({
  notificationId: z.string(),
  state: z.string(),
  detail: z.string().nullable(),
});

/** What became of an alert at one channel; the weightiest reason stands first. */
export interface ChannelAnswer extends z.infer<typeof NotedVerdict> {
  /** Since when this is the answer. */
  readonly at: number;
  /** How the message ended, where that was reported by then. */
  readonly delivery?: { readonly state: string; readonly detail: string | null };
}

export interface NotificationExplanation {
  readonly fingerprint: string;
  readonly at: number;
  /** Undefined: nothing had been heard of the alert by then, or it was longer ago than the timeline is kept. */
  readonly status: AlertStatus | undefined;
  readonly answers: readonly ChannelAnswer[];
  /** Groups that had not been told yet, and until when they gather alerts. */
  readonly waiting: readonly { readonly group: string; readonly receiver: string; readonly until: number }[];
}

const looksBack = 2000;

/** Why an alert was told or not told at an instant, by what was noted when the decisions were made. */
export function explainNotification(
  store: HubStore,
  fingerprint: string,
  at: number,
): NotificationExplanation {
  const answers = new Map<string, ChannelAnswer>();
  const answered = new Set<string>();
  const waiting = new Map<string, z.infer<typeof NotedGroup>>();
  const deliveries = new Map<string, z.infer<typeof NotedDelivery>>();
  let status: AlertStatus | undefined;
  for (const row of store.timeline(fingerprint, at, looksBack)) {
    if (row.type === "fired" || row.type === "resolved") {
      status ??= row.type === "fired" ? "firing" : "resolved";
    } else if (row.type === "delivered") {
      const delivery = read(NotedDelivery, row);
      if (delivery !== undefined && !deliveries.has(delivery.notificationId))
        deliveries.set(delivery.notificationId, delivery);
    } else if (row.type === "verdict") {
      const verdict = read(NotedVerdict, row);
      if (verdict === undefined) continue;
      const key = JSON.stringify([verdict.group, verdict.channelId]);
      if (!answers.has(key) && !waiting.has(verdict.group)) answers.set(key, { ...verdict, at: row.at });
      answered.add(verdict.group);
    } else if (row.type === "grouped") {
      const group = read(NotedGroup, row);
      if (group !== undefined && !answered.has(group.group) && !waiting.has(group.group))
        waiting.set(group.group, group);
    }
  }
  return {
    fingerprint,
    at,
    status,
    answers: [...answers.values()].map((answer) => withDelivery(answer, deliveries)),
    waiting: [...waiting.values()],
  };
}

function read<T>(shape: z.ZodType<T>, row: TimelineRow): T | undefined {
  const parsed = shape.safeParse(row.data);
  return parsed.success ? parsed.data : undefined;
}

function withDelivery(
  answer: ChannelAnswer,
  deliveries: ReadonlyMap<string, z.infer<typeof NotedDelivery>>,
): ChannelAnswer {
  const delivery = deliveries.get(answer.notificationId ?? "");
  return delivery === undefined
    ? answer
    : { ...answer, delivery: { state: delivery.state, detail: delivery.detail } };
}
