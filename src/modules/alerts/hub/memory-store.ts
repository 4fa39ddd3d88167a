import type { RoutingConfig } from "../../../../contracts/alerts.ts";
import type { InhibitionSource } from "../inhibition/inhibition.rules.ts";
import { hasEnded } from "../merge.rules.ts";
import { emptyRouting, type HubStore, newHubHead } from "./hub-store.ts";
import { MemoryEscalationStore } from "./memory-escalation-store.ts";
import { RowTable } from "./row-table.ts";
import type {
  AlertRow,
  ChannelRow,
  GroupRow,
  HubHead,
  MemberRow,
  OutboxRow,
  SilenceRow,
  TimelineRow,
  ToldRow,
} from "./rows.ts";

interface Source extends InhibitionSource {
  readonly endsAt: number | null;
}

const pair = (a: string, b: string) => JSON.stringify([a, b]);

/** The hub's store in memory: for tests, backtests and running without an object. */
export class MemoryHubStore extends MemoryEscalationStore implements HubStore {
  private head = JSON.stringify(newHubHead);
  private config = JSON.stringify(emptyRouting);
  private alertRows = new RowTable<AlertRow>();
  private silenceRows = new RowTable<SilenceRow>();
  private groupRows = new RowTable<GroupRow>();
  private toldRows = new RowTable<ToldRow>();
  private channelRows = new RowTable<ChannelRow>();
  private outbox = new RowTable<OutboxRow>();
  private readonly memberRows = new Map<string, Map<string, string>>();
  private readonly memberships = new Map<string, Set<string>>();
  private readonly sources = new Map<string, Map<string, Source>>();
  private readonly sourceKeys = new Map<string, string[]>();
  private timelineRows: TimelineRow[] = [];

  readHead(): HubHead {
    return JSON.parse(this.head) as HubHead;
  }
  writeHead(head: HubHead): void {
    this.head = JSON.stringify(head);
  }
  readConfig(): RoutingConfig {
    return JSON.parse(this.config) as RoutingConfig;
  }
  writeConfig(config: RoutingConfig): void {
    this.config = JSON.stringify(config);
  }

  findAlert(fingerprint: string): AlertRow | undefined {
    return this.alertRows.get(fingerprint);
  }
  putAlert(alert: AlertRow): void {
    this.alertRows.put(alert.fingerprint, alert);
  }
  deleteAlert(fingerprint: string): void {
    this.alertRows.delete(fingerprint);
    this.putSources(fingerprint, [], null);
  }
  alerts(after: string, limit: number): AlertRow[] {
    return this.alertRows.after(after, limit);
  }
  dueAlerts(now: number, limit: number): AlertRow[] {
    return this.alertRows.dueAt(now, limit);
  }

  putSources(fingerprint: string, sources: readonly InhibitionSource[], endsAt: number | null): void {
    for (const key of this.sourceKeys.get(fingerprint) ?? []) this.sources.get(key)?.delete(fingerprint);
    this.sourceKeys.delete(fingerprint);
    if (sources.length === 0) return;
    const keys = sources.map(({ ruleKey, equalKey }) => pair(ruleKey, equalKey));
    this.sourceKeys.set(fingerprint, keys);
    sources.forEach((source, index) => {
      const key = keys[index] ?? "";
      const found = this.sources.get(key) ?? new Map<string, Source>();
      found.set(fingerprint, { ...source, endsAt });
      this.sources.set(key, found);
    });
  }
  findSource(ruleKey: string, equalKey: string, now: number, exceptBoth: boolean): string | undefined {
    const found = [...(this.sources.get(pair(ruleKey, equalKey)) ?? [])]
      .filter(([, { both, endsAt }]) => !(exceptBoth && both) && !hasEnded(endsAt, now))
      .map(([fingerprint]) => fingerprint);
    return found.sort()[0];
  }

  findSilence(id: string): SilenceRow | undefined {
    return this.silenceRows.get(id);
  }
  putSilence(silence: SilenceRow): void {
    this.silenceRows.put(silence.id, silence);
  }
  deleteSilence(id: string): void {
    this.silenceRows.delete(id);
  }
  liveSilences(): SilenceRow[] {
    return this.silenceRows.after("", Number.POSITIVE_INFINITY).filter(({ due }) => due !== null);
  }
  dueSilences(now: number, limit: number): SilenceRow[] {
    return this.silenceRows.dueAt(now, limit);
  }
  oldSilences(before: number, limit: number): SilenceRow[] {
    return this.silenceRows
      .after("", Number.POSITIVE_INFINITY)
      .filter(({ due, endsAt }) => due === null && endsAt < before)
      .slice(0, limit);
  }

  findGroup(key: string): GroupRow | undefined {
    return this.groupRows.get(key);
  }
  putGroup(group: GroupRow): void {
    this.groupRows.put(group.key, group);
  }
  deleteGroup(key: string): void {
    this.groupRows.delete(key);
    for (const { fingerprint } of this.members(key)) this.deleteMember(key, fingerprint);
  }
  groups(after: string, limit: number): GroupRow[] {
    return this.groupRows.after(after, limit);
  }
  dueGroups(now: number, limit: number): GroupRow[] {
    return this.groupRows.dueAt(now, limit);
  }

  findMember(groupKey: string, fingerprint: string): MemberRow | undefined {
    const text = this.memberRows.get(groupKey)?.get(fingerprint);
    return text === undefined ? undefined : (JSON.parse(text) as MemberRow);
  }
  putMember(member: MemberRow): void {
    const rows = this.memberRows.get(member.groupKey) ?? new Map<string, string>();
    rows.set(member.fingerprint, JSON.stringify(member));
    this.memberRows.set(member.groupKey, rows);
    const groups = this.memberships.get(member.fingerprint) ?? new Set<string>();
    this.memberships.set(member.fingerprint, groups.add(member.groupKey));
  }
  deleteMember(groupKey: string, fingerprint: string): void {
    const rows = this.memberRows.get(groupKey);
    rows?.delete(fingerprint);
    if (rows?.size === 0) this.memberRows.delete(groupKey);
    const groups = this.memberships.get(fingerprint);
    groups?.delete(groupKey);
    if (groups?.size === 0) this.memberships.delete(fingerprint);
  }
  members(groupKey: string): MemberRow[] {
    const rows = [...(this.memberRows.get(groupKey) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    return rows.map(([, text]) => JSON.parse(text) as MemberRow);
  }
  groupsOf(fingerprint: string): string[] {
    return [...(this.memberships.get(fingerprint) ?? [])].sort();
  }

  findTold(groupKey: string, channelId: string): ToldRow | undefined {
    return this.toldRows.get(pair(groupKey, channelId));
  }
  putTold(told: ToldRow): void {
    this.toldRows.put(pair(told.groupKey, told.channelId), told);
  }
  deleteTold(groupKey: string, channelId: string): void {
    this.toldRows.delete(pair(groupKey, channelId));
  }
  dueTold(now: number, limit: number): ToldRow[] {
    return this.toldRows.dueAt(now, limit);
  }

  findChannel(channelId: string): ChannelRow | undefined {
    return this.channelRows.get(channelId);
  }
  putChannel(channel: ChannelRow): void {
    this.channelRows.put(channel.channelId, channel);
  }
  dueChannels(now: number, limit: number): ChannelRow[] {
    return this.channelRows.dueAt(now, limit);
  }

  findNotification(id: string): OutboxRow | undefined {
    return this.outbox.get(id);
  }
  putNotification(row: OutboxRow): void {
    this.outbox.put(row.id, row);
  }
  deleteNotification(id: string): void {
    this.outbox.delete(id);
  }
  dueNotifications(now: number, limit: number): OutboxRow[] {
    return this.outbox.dueAt(now, limit);
  }

  appendTimeline(row: TimelineRow): void {
    this.timelineRows.push(JSON.parse(JSON.stringify(row)) as TimelineRow);
  }
  timeline(fingerprint: string, until: number, limit: number): TimelineRow[] {
    return this.timelineRows
      .filter((row) => row.fingerprint === fingerprint && row.at <= until)
      .toReversed()
      .slice(0, limit);
  }
  trimTimeline(before: number, limit: number): void {
    const first = this.timelineRows.slice(0, limit);
    this.timelineRows = [...first.filter(({ at }) => at >= before), ...this.timelineRows.slice(limit)];
  }

  firstDue(): number | null {
    const tables = [
      this.alertRows,
      this.silenceRows,
      this.groupRows,
      this.toldRows,
      this.channelRows,
      this.outbox,
      this.escalationRows,
      this.heldRows,
    ];
    const dues = tables.flatMap((table) => table.firstDue() ?? []);
    return dues.length === 0 ? null : Math.min(...dues);
  }

  /** A copy to decide on: what is decided there can be kept or dropped whole, like a transaction. */
  fork(): MemoryHubStore {
    const copy = new MemoryHubStore();
    copy.head = this.head;
    copy.config = this.config;
    copy.alertRows = this.alertRows.copy();
    copy.silenceRows = this.silenceRows.copy();
    copy.groupRows = this.groupRows.copy();
    copy.toldRows = this.toldRows.copy();
    copy.channelRows = this.channelRows.copy();
    copy.outbox = this.outbox.copy();
    copy.entryRows = this.entryRows.copy();
    copy.escalationRows = this.escalationRows.copy();
    copy.heldRows = this.heldRows.copy();
    for (const rows of this.memberRows.values()) {
      for (const text of rows.values()) copy.putMember(JSON.parse(text) as MemberRow);
    }
    for (const [key, found] of this.sources) copy.sources.set(key, new Map(found));
    for (const [fingerprint, keys] of this.sourceKeys) copy.sourceKeys.set(fingerprint, keys);
    copy.timelineRows = [...this.timelineRows];
    return copy;
  }
}
