/**
 * Steps of the alert hub's schema, in order; a step is never edited once it was released. What is due is found by a
 * partial index of each table, so that looking at the clock costs nothing when nothing is.
 */
export const hubSteps: readonly string[] = [
  `create table hub_state (name text primary key, body text not null) without rowid;
   create table alerts (fingerprint text primary key, due integer, body text not null) without rowid;
   create index alerts_due on alerts (due) where due is not null;
   create table sources (
     rule_key text not null,
     equal_key text not null,
     fingerprint text not null,
     both_sides integer not null,
     ends_at integer,
     primary key (rule_key, equal_key, fingerprint)
   ) without rowid;
   create index sources_alert on sources (fingerprint);
   create table silences (
     id text primary key,
     due integer,
     ends_at integer not null,
     body text not null
   ) without rowid;
   create index silences_due on silences (due) where due is not null;
   create index silences_old on silences (ends_at) where due is null;
   create table alert_groups (key text primary key, due integer not null, body text not null) without rowid;
   create index alert_groups_due on alert_groups (due);
   create table members (
     group_key text not null,
     fingerprint text not null,
     verdicts text not null,
     primary key (group_key, fingerprint)
   ) without rowid;
   create index members_alert on members (fingerprint);
   create table told (
     group_key text not null,
     channel_id text not null,
     due integer not null,
     body text not null,
     primary key (group_key, channel_id)
   ) without rowid;
   create index told_due on told (due);
   create table channel_uses (channel_id text primary key, due integer, body text not null) without rowid;
   create index channel_uses_due on channel_uses (due) where due is not null;
   create table notifications (id text primary key, due integer not null, body text not null) without rowid;
   create index notifications_due on notifications (due);
   create table timeline (
     seq integer primary key,
     fingerprint text not null,
     at integer not null,
     type text not null,
     data text not null
   );
   create index timeline_alert on timeline (fingerprint, seq);`,
  `create table handed_out (id text primary key, channel_id text not null);
   create table events_out (id text primary key, body text not null)`,
  `create table entries (kind text not null, id text not null, body text not null, primary key (kind, id)) without rowid;
   create table escalations (group_key text primary key, due integer, body text not null) without rowid;
   create index escalations_due on escalations (due) where due is not null;
   create table held (user_id text primary key, due integer not null, body text not null) without rowid;
   create index held_due on held (due);`,
];
