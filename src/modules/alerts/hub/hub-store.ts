import type { RoutingConfig } from "../../../../contracts/alerts.ts";
import type { Entry, EntryKind } from "../entries/entry.ts";
import type { InhibitionSource } from "../inhibition/inhibition.rules.ts";
import type {
  AlertRow,
  ChannelRow,
  EscalationRow,
  GroupRow,
  HeldRow,
  HubHead,
  MemberRow,
  OutboxRow,
  SilenceRow,
  TimelineRow,
  ToldRow,
} from "./rows.ts";

export const newHubHead: HubHead = {
  timelineSeq: 0,
  eventSeq: 0,
  configVersion: 0,
  silenceVersion: 0,
  alerts: 0,
  silences: 0,
};

/** With one receiver that has no channels: alerts are kept and nobody is told. */
export const emptyRouting: RoutingConfig = {
  route: { receiver: "nobody" },
  receivers: [{ name: "nobody", channels: [] }],
  inhibitions: [],
  maintenance: [],
  timeIntervals: {},
};

/** Who is woken: what is written down about it, the escalations under way, and what people are to be told later. */
export interface EscalationStore {
  findEntry<K extends EntryKind>(kind: K, id: string): Entry<K> | undefined;
  /** In the order of ids. */
  entries<K extends EntryKind>(kind: K): Entry<K>[];
  putEntry(entry: Entry): void;
  deleteEntry(kind: EntryKind, id: string): void;

  findEscalation(groupKey: string): EscalationRow | undefined;
  /** In the order of groups, after one. */
  escalations(after: string, limit: number): EscalationRow[];
  putEscalation(row: EscalationRow): void;
  deleteEscalation(groupKey: string): void;
  dueEscalations(now: number, limit: number): EscalationRow[];

  findHeld(userId: string): HeldRow | undefined;
  putHeld(row: HeldRow): void;
  deleteHeld(userId: string): void;
  dueHeld(now: number, limit: number): HeldRow[];
}

/**
 * The state of a tenant's alert hub: synchronous, indexed reads and writes inside the host's transaction. `put`
 * inserts or replaces; `due…` give rows with `due <= now`, earliest first.
 */
export interface HubStore extends EscalationStore {
  readHead(): HubHead;
  writeHead(head: HubHead): void;
  readConfig(): RoutingConfig;
  writeConfig(config: RoutingConfig): void;

  findAlert(fingerprint: string): AlertRow | undefined;
  putAlert(alert: AlertRow): void;
  /** Removes the alert and its sources of inhibition. */
  deleteAlert(fingerprint: string): void;
  /** In the order of fingerprints, after one. */
  alerts(after: string, limit: number): AlertRow[];
  dueAlerts(now: number, limit: number): AlertRow[];

  /** Replaces where an alert may mute others, and until when it does; null: until it says otherwise. */
  putSources(fingerprint: string, sources: readonly InhibitionSource[], endsAt: number | null): void;
  /** An alert that mutes by this rule at `now`; `exceptBoth` leaves out those that are targets of the rule too. */
  findSource(ruleKey: string, equalKey: string, now: number, exceptBoth: boolean): string | undefined;

  findSilence(id: string): SilenceRow | undefined;
  putSilence(silence: SilenceRow): void;
  deleteSilence(id: string): void;
  /** Those that have not expired, in the order of ids. */
  liveSilences(): SilenceRow[];
  dueSilences(now: number, limit: number): SilenceRow[];
  /** Expired ones that ended before `before`. */
  oldSilences(before: number, limit: number): SilenceRow[];

  findGroup(key: string): GroupRow | undefined;
  putGroup(group: GroupRow): void;
  /** Removes the group and its members. */
  deleteGroup(key: string): void;
  groups(after: string, limit: number): GroupRow[];
  dueGroups(now: number, limit: number): GroupRow[];

  findMember(groupKey: string, fingerprint: string): MemberRow | undefined;
  putMember(member: MemberRow): void;
  deleteMember(groupKey: string, fingerprint: string): void;
  /** In the order of fingerprints. */
  members(groupKey: string): MemberRow[];
  groupsOf(fingerprint: string): string[];

  findTold(groupKey: string, channelId: string): ToldRow | undefined;
  putTold(told: ToldRow): void;
  deleteTold(groupKey: string, channelId: string): void;
  dueTold(now: number, limit: number): ToldRow[];

  findChannel(channelId: string): ChannelRow | undefined;
  putChannel(channel: ChannelRow): void;
  dueChannels(now: number, limit: number): ChannelRow[];

  findNotification(id: string): OutboxRow | undefined;
  putNotification(row: OutboxRow): void;
  deleteNotification(id: string): void;
  dueNotifications(now: number, limit: number): OutboxRow[];

  appendTimeline(row: TimelineRow): void;
  /** What happened to an alert up to `until`, the latest first. */
  timeline(fingerprint: string, until: number, limit: number): TimelineRow[];
  /** Forgets what happened before `before`, at most about `limit` rows. */
  trimTimeline(before: number, limit: number): void;

  /** The earliest `due` of all rows; null when nothing waits. */
  firstDue(): number | null;
}
