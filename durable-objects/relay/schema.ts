import type { Sql } from "../alerts/sql-rows.ts";

/** Steps of the relay's schema, in order; a step is never edited once it was released. */
export const relaySteps: readonly string[] = [
  `create table counters (name text primary key, value integer not null) without rowid;
   create table agents (
     agent_id text primary key,
     connected integer not null,
     role text,
     since integer not null,
     report text
   ) without rowid;
   create table calls (
     seq integer primary key,
     command_id text not null,
     at integer not null,
     entry text not null,
     hash text not null
   );
   create index calls_command on calls (command_id, seq);
   create table pruned (id integer primary key check (id = 1), hash text not null);
   create table unknown_outcomes (command_id text primary key, at integer not null) without rowid;
   create table write_keys (
     key text primary key,
     command_id text not null,
     agent_id text not null,
     at integer not null
   ) without rowid;
   create index write_keys_age on write_keys (at);
   create table queue (
     place integer primary key autoincrement,
     command_id text not null unique,
     at integer not null,
     expires_at integer not null,
     chain text not null,
     state text not null,
     request text not null,
     body blob,
     status integer,
     detail text
   );
   create index queue_state on queue (state, place);
   create table inventory (
     key text primary key,
     kind text not null,
     namespace text not null,
     uid text not null,
     version text not null,
     summary text not null,
     seen_at integer not null
   ) without rowid;
   create index inventory_kind on inventory (kind, key);
   create table changes (
     seq integer primary key autoincrement,
     at integer not null,
     key text not null,
     uid text not null,
     version text not null,
     before text,
     after text
   );
   create table events_out (seq integer primary key autoincrement, kind text not null, body text not null);`,
  `create table sealed (id integer primary key check (id = 1), seq integer not null, hash text not null);`,
];

// Counters stay, so that no epoch comes twice.
const tablesOfCluster: readonly string[] = [
  "agents",
  "calls",
  "pruned",
  "sealed",
  "unknown_outcomes",
  "write_keys",
  "queue",
  "inventory",
  "changes",
];

/** The cluster was removed: nothing of it stays. */
export function forgetCluster(sql: Sql): void {
  for (const table of tablesOfCluster) sql.exec(`delete from ${table}`);
}

/** The number of the next epoch of a link; none comes twice. */
export function nextEpoch(sql: Sql): number {
  const [row] = sql
    .exec<{ value: number }>(
      `insert into counters (name, value) values ('epoch', 1)
       on conflict (name) do update set value = value + 1 returning value`,
    )
    .toArray();
  return row?.value ?? 1;
}
