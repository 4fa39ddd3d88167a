import type { RoutingConfig } from "../../contracts/alerts.ts";
import { emptyRouting, type HubStore, newHubHead } from "../../src/modules/alerts/hub/hub-store.ts";
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
} from "../../src/modules/alerts/hub/rows.ts";
import type { InhibitionSource } from "../../src/modules/alerts/inhibition/inhibition.rules.ts";
import { SqlEscalationStore } from "./escalation-store.ts";

type TimelineColumns = Record<"seq" | "at", number> & Record<"fingerprint" | "type" | "data", string>;

function timelineRow({ type, data, ...row }: TimelineColumns): TimelineRow {
  return { ...row, type: type as TimelineRow["type"], data: JSON.parse(data) };
}

// Objects take five terms in a compound select at most, so the earliest of each table stands in a column of its own.
const firstDue = `select ${[
  ["alerts", "where due is not null"],
  ["silences", "where due is not null"],
  ["alert_groups", ""],
  ["told", ""],
  ["channel_uses", "where due is not null"],
  ["notifications", ""],
  ["escalations", "where due is not null"],
  ["held", ""],
]
  .map(([table, where]) => `(select due from ${table} ${where} order by due limit 1) as ${table}`)
  .join(", ")}`;

/** The alert hub's store over an object's SQLite. Statements are few and constant, so they stay prepared. */
export class SqlHubStore extends SqlEscalationStore implements HubStore {
  readHead(): HubHead {
    return this.body<HubHead>("select body from hub_state where name = 'head'") ?? newHubHead;
  }
  writeHead(head: HubHead): void {
    this.write("insert or replace into hub_state (name, body) values ('head', ?)", JSON.stringify(head));
  }
  readConfig(): RoutingConfig {
    return this.body<RoutingConfig>("select body from hub_state where name = 'config'") ?? emptyRouting;
  }
  writeConfig(config: RoutingConfig): void {
    this.write("insert or replace into hub_state (name, body) values ('config', ?)", JSON.stringify(config));
  }

  findAlert(fingerprint: string): AlertRow | undefined {
    return this.body("select body from alerts where fingerprint = ?", fingerprint);
  }
  putAlert(alert: AlertRow): void {
    const insert = `insert into alerts (fingerprint, due, body) values (?, ?, ?)
      on conflict (fingerprint) do update set due = excluded.due, body = excluded.body`;
    this.write(insert, alert.fingerprint, alert.due, JSON.stringify(alert));
  }
  deleteAlert(fingerprint: string): void {
    this.write("delete from alerts where fingerprint = ?", fingerprint);
    this.write("delete from sources where fingerprint = ?", fingerprint);
  }
  alerts(after: string, limit: number): AlertRow[] {
    const select = "select body from alerts where fingerprint > ? order by fingerprint limit ?";
    return this.bodies(select, after, limit);
  }
  dueAlerts(now: number, limit: number): AlertRow[] {
    return this.bodies(
      "select body from alerts where due <= ? order by due, fingerprint limit ?",
      now,
      limit,
    );
  }

  putSources(fingerprint: string, sources: readonly InhibitionSource[], endsAt: number | null): void {
    this.write("delete from sources where fingerprint = ?", fingerprint);
    const insert =
      "insert or replace into sources (rule_key, equal_key, fingerprint, both_sides, ends_at) values (?, ?, ?, ?, ?)";
    for (const { ruleKey, equalKey, both } of sources)
      this.write(insert, ruleKey, equalKey, fingerprint, both ? 1 : 0, endsAt);
  }
  findSource(ruleKey: string, equalKey: string, now: number, exceptBoth: boolean): string | undefined {
    const select = `select fingerprint from sources where rule_key = ? and equal_key = ?
      and (ends_at is null or ends_at > ?) and both_sides <= ? order by fingerprint limit 1`;
    const values = [ruleKey, equalKey, now, exceptBoth ? 0 : 1];
    return this.all<{ fingerprint: string }>(select, ...values)[0]?.fingerprint;
  }

  findSilence(id: string): SilenceRow | undefined {
    return this.body("select body from silences where id = ?", id);
  }
  putSilence(silence: SilenceRow): void {
    const insert = `insert into silences (id, due, ends_at, body) values (?, ?, ?, ?)
      on conflict (id) do update set due = excluded.due, ends_at = excluded.ends_at, body = excluded.body`;
    this.write(insert, silence.id, silence.due, silence.endsAt, JSON.stringify(silence));
  }
  deleteSilence(id: string): void {
    this.write("delete from silences where id = ?", id);
  }
  liveSilences(): SilenceRow[] {
    return this.bodies("select body from silences where due is not null order by id");
  }
  dueSilences(now: number, limit: number): SilenceRow[] {
    return this.bodies("select body from silences where due <= ? order by due, id limit ?", now, limit);
  }
  oldSilences(before: number, limit: number): SilenceRow[] {
    const select = "select body from silences where due is null and ends_at < ? order by id limit ?";
    return this.bodies(select, before, limit);
  }

  findGroup(key: string): GroupRow | undefined {
    return this.body("select body from alert_groups where key = ?", key);
  }
  putGroup(group: GroupRow): void {
    const insert = `insert into alert_groups (key, due, body) values (?, ?, ?)
      on conflict (key) do update set due = excluded.due, body = excluded.body`;
    this.write(insert, group.key, group.due, JSON.stringify(group));
  }
  deleteGroup(key: string): void {
    this.write("delete from alert_groups where key = ?", key);
    this.write("delete from members where group_key = ?", key);
  }
  groups(after: string, limit: number): GroupRow[] {
    return this.bodies("select body from alert_groups where key > ? order by key limit ?", after, limit);
  }
  dueGroups(now: number, limit: number): GroupRow[] {
    return this.bodies("select body from alert_groups where due <= ? order by due, key limit ?", now, limit);
  }

  findMember(groupKey: string, fingerprint: string): MemberRow | undefined {
    const select = "select verdicts from members where group_key = ? and fingerprint = ?";
    const row = this.all<{ verdicts: string }>(select, groupKey, fingerprint)[0];
    return row === undefined ? undefined : { groupKey, fingerprint, verdicts: JSON.parse(row.verdicts) };
  }
  putMember({ groupKey, fingerprint, verdicts }: MemberRow): void {
    const insert = `insert into members (group_key, fingerprint, verdicts) values (?, ?, ?)
      on conflict (group_key, fingerprint) do update set verdicts = excluded.verdicts`;
    this.write(insert, groupKey, fingerprint, JSON.stringify(verdicts));
  }
  deleteMember(groupKey: string, fingerprint: string): void {
    this.write("delete from members where group_key = ? and fingerprint = ?", groupKey, fingerprint);
  }
  members(groupKey: string): MemberRow[] {
    const select = "select fingerprint, verdicts from members where group_key = ? order by fingerprint";
    return this.all<{ fingerprint: string; verdicts: string }>(select, groupKey).map((row) => ({
      groupKey,
      fingerprint: row.fingerprint,
      verdicts: JSON.parse(row.verdicts),
    }));
  }
  groupsOf(fingerprint: string): string[] {
    const select = "select group_key from members where fingerprint = ? order by group_key";
    return this.all<{ group_key: string }>(select, fingerprint).map((row) => row.group_key);
  }

  findTold(groupKey: string, channelId: string): ToldRow | undefined {
    return this.body("select body from told where group_key = ? and channel_id = ?", groupKey, channelId);
  }
  putTold(told: ToldRow): void {
    const insert = `insert into told (group_key, channel_id, due, body) values (?, ?, ?, ?)
      on conflict (group_key, channel_id) do update set due = excluded.due, body = excluded.body`;
    this.write(insert, told.groupKey, told.channelId, told.due, JSON.stringify(told));
  }
  deleteTold(groupKey: string, channelId: string): void {
    this.write("delete from told where group_key = ? and channel_id = ?", groupKey, channelId);
  }
  dueTold(now: number, limit: number): ToldRow[] {
    return this.bodies("select body from told where due <= ? order by due limit ?", now, limit);
  }

  findChannel(channelId: string): ChannelRow | undefined {
    return this.body("select body from channel_uses where channel_id = ?", channelId);
  }
  putChannel(channel: ChannelRow): void {
    const insert = `insert into channel_uses (channel_id, due, body) values (?, ?, ?)
      on conflict (channel_id) do update set due = excluded.due, body = excluded.body`;
    this.write(insert, channel.channelId, channel.due, JSON.stringify(channel));
  }
  dueChannels(now: number, limit: number): ChannelRow[] {
    const select = "select body from channel_uses where due <= ? order by due, channel_id limit ?";
    return this.bodies(select, now, limit);
  }

  findNotification(id: string): OutboxRow | undefined {
    return this.body("select body from notifications where id = ?", id);
  }
  putNotification(row: OutboxRow): void {
    const insert = `insert into notifications (id, due, body) values (?, ?, ?)
      on conflict (id) do update set due = excluded.due, body = excluded.body`;
    this.write(insert, row.id, row.due, JSON.stringify(row));
  }
  deleteNotification(id: string): void {
    this.write("delete from notifications where id = ?", id);
  }
  dueNotifications(now: number, limit: number): OutboxRow[] {
    return this.bodies("select body from notifications where due <= ? order by due, id limit ?", now, limit);
  }

  appendTimeline({ seq, fingerprint, at, type, data }: TimelineRow): void {
    const insert = "insert into timeline (seq, fingerprint, at, type, data) values (?, ?, ?, ?, ?)";
    this.write(insert, seq, fingerprint, at, type, JSON.stringify(data));
  }
  timeline(fingerprint: string, until: number, limit: number): TimelineRow[] {
    const select = `select seq, fingerprint, at, type, data from timeline
      where fingerprint = ? and at <= ? order by seq desc limit ?`;
    return this.all<TimelineColumns>(select, fingerprint, until, limit).map(timelineRow);
  }
  /** What happened to all alerts after a row, the earliest first. */
  timelineAfter(seq: number, limit: number): TimelineRow[] {
    const select = "select seq, fingerprint, at, type, data from timeline where seq > ? order by seq limit ?";
    return this.all<TimelineColumns>(select, seq, limit).map(timelineRow);
  }
  trimTimeline(before: number, limit: number): void {
    const first = this.all<{ at: number }>("select at from timeline order by seq limit 1")[0];
    if (first === undefined || first.at >= before) return;
    const old = "select seq from (select seq, at from timeline order by seq limit ?) where at < ?";
    this.write(`delete from timeline where seq in (${old})`, limit, before);
  }

  firstDue(): number | null {
    const [row] = this.all<Record<string, number | null>>(firstDue);
    const dues = Object.values(row ?? {}).filter((due) => due !== null);
    return dues.length === 0 ? null : Math.min(...dues);
  }
}
