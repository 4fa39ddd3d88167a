import type {
  Annotations,
  FlappingNotice,
  Labels,
  Notification,
  NotifiedAlert,
} from "../../../../contracts/alerts.ts";
import type { EscalationState } from "../escalation/escalation-state.ts";
import type { Heard } from "../heard.rules.ts";
import type { Silence } from "../silences/silence.rules.ts";

/** Instants and durations of all rows are integer milliseconds. */
export interface AlertRow extends Heard {
  readonly fingerprint: string;
  readonly lineage: string;
  readonly labels: Labels;
  readonly annotations: Annotations;
  readonly startsAt: number;
  readonly endsAt: number | null;
  readonly timeout: boolean;
  /** The youngest word: its order, and what it said besides the span. */
  readonly updatedAt: number;
  readonly seq: number;
  readonly cooldownMs: number;
  readonly flapping: boolean;
  /** Why it ended, where its rule said so. */
  readonly reason?: string | null;
  /** Whether its end has been noted: the state that the timeline and the events know. */
  readonly noted: "firing" | "resolved";
  readonly acknowledged: Acknowledgement | null;
  /** When it was last part of a notification, by channel; kept only where a cooldown asks for it. */
  readonly sentAt: Readonly<Record<string, number>>;
  /** When it must be looked at: its end, the end of its acknowledgement, or when it may be forgotten. */
  readonly due: number | null;
}

export interface Acknowledgement {
  readonly by: string;
  readonly at: number;
  readonly untilAt: number | null;
}

export interface SilenceRow extends Silence {
  /** When its state changes next; null once it has expired. */
  readonly due: number | null;
}

export interface GroupRow {
  readonly key: string;
  readonly routeKey: string;
  readonly labels: Labels;
  /** When it is told next. */
  readonly due: number;
  readonly flushed: boolean;
  readonly notices: readonly PendingNotice[];
}

export interface PendingNotice extends FlappingNotice {
  /** The channels that still wait for it; null: all channels of the receiver. */
  readonly channels: readonly string[] | null;
}

/** An alert in a group, with the last answer of each channel to it. */
export interface MemberRow {
  readonly groupKey: string;
  readonly fingerprint: string;
  readonly verdicts: Readonly<Record<string, string>>;
}

/** The notification log: what a channel knows of a group. Alerts by the first 16 digits of their fingerprints. */
export interface ToldRow {
  readonly groupKey: string;
  readonly channelId: string;
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  readonly at: number;
  /** Counts what was told; part of the next notification's id. */
  readonly generation: number;
  /** The notification that told it last. */
  readonly lastId?: string;
  readonly due: number;
}

export interface ChannelRow {
  readonly channelId: string;
  readonly sends: readonly number[];
  /** Groups that wait for the end of quiet hours. */
  readonly digestGroups: readonly string[];
  /** When they are told; null when none wait. */
  readonly due: number | null;
}

export type OutboxState = "pending" | "claimed" | "retry" | "sent" | "dead" | "suppressed";

/** One notification on its way. */
export interface OutboxRow {
  readonly id: string;
  readonly state: OutboxState;
  readonly notification: Notification;
  readonly attempts: number;
  /** Who claimed it last; an older claim can't report any more. */
  readonly epoch: number;
  readonly detail: string | null;
  /** What the same channel was told of the same thing before, and what it is told next: they go out in this order. */
  readonly after?: string;
  readonly next?: string;
  readonly createdAt: number;
  /** When it is handed out again (a claim that ran out, a retry), or forgotten once it is done. */
  readonly due: number;
}

export type TimelineType =
  | "fired"
  | "resolved"
  | "grouped"
  | "acknowledged"
  | "unacknowledged"
  | "commented"
  | "flapping_started"
  | "flapping_stopped"
  | "verdict"
  | "delivered"
  | "escalated";

/** Something that happened to an alert. `seq` orders the whole store. */
export interface TimelineRow {
  readonly seq: number;
  readonly fingerprint: string;
  readonly at: number;
  readonly type: TimelineType;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface HubHead {
  readonly timelineSeq: number;
  readonly eventSeq: number;
  readonly configVersion: number;
  readonly silenceVersion: number;
  readonly alerts: number;
  readonly silences: number;
}

/** The escalation of a group that is under way. */
export interface EscalationRow {
  readonly groupKey: string;
  readonly policyId: string;
  readonly state: EscalationState;
  /** Whom it has told. */
  readonly told: readonly ToldByEscalation[];
  /** When it goes on by itself; null when only an event can move it. */
  readonly due: number | null;
}

export interface ToldByEscalation {
  readonly channelId: string;
  readonly userId: string | null;
  /** Of the notifications, so that those that have not gone out can be called back. */
  readonly ids: readonly string[];
}

/** What a person is to be told when their quiet hours are over or their digest is due. */
export interface HeldRow {
  readonly userId: string;
  readonly items: readonly HeldItem[];
  readonly due: number;
}

export interface HeldItem {
  readonly groupKey: string;
  readonly escalationId: string;
  /** The alerts of an escalation that is over; null while it is told with the state of that time. */
  readonly ended: readonly NotifiedAlert[] | null;
}
