import type { Notification } from "../../../../contracts/alerts.ts";
import type { HubCommand, HubReply } from "./commands.ts";

/** Hand this notification to its channel. It may come more than once, always with the same id. */
export interface NotifyEffect {
  readonly type: "notify";
  readonly id: string;
  readonly channelId: string;
  readonly notification: Notification;
}

export type HubEventType =
  | "alert.fired"
  | "alert.resolved"
  | "alert.acknowledged"
  | "alert.unacknowledged"
  | "alert.commented"
  | "silence.created"
  | "silence.changed"
  | "silence.started"
  | "silence.ended"
  | "routing.changed"
  | "notification.sent"
  | "notification.dead"
  | "escalation.started"
  | "escalation.exhausted"
  | "escalation.stopped";

/** Something that others may want to know: escalation, the read model, the audit log. `seq` counts without a gap. */
export interface HubEvent {
  readonly seq: number;
  readonly type: HubEventType;
  readonly at: number;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * What a command led to. The state has been changed in the store; the host stores events in the same transaction,
 * answers `reply` after the commit, then hands out `effects`, and sets its alarm to `wakeAt`.
 */
export interface HubDecision<C extends HubCommand> {
  readonly reply: HubReply<C>;
  readonly effects: readonly NotifyEffect[];
  readonly events: readonly HubEvent[];
  /** Epoch milliseconds of the next `tick`; null when nothing waits for time. */
  readonly wakeAt: number | null;
}
