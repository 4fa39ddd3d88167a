/** Append-only: a step that ran is never edited. */
export const effectSteps = [
  `create table effects (
     seq integer primary key autoincrement,
     key text not null unique,
     rule_id text not null,
     lineage text not null,
     state text not null,
     reasons text not null,
     attempts integer not null default 0,
     tries_from integer not null default 0,
     next_at integer,
     epoch integer,
     detail text not null default '',
     job_id text,
     body text not null,
     updated_at integer not null
   );
   create index effects_due on effects (next_at) where next_at is not null;
   create index effects_rule on effects (rule_id, seq);
   create index effects_over on effects (updated_at) where next_at is null;
   create table effect_counts (
     lineage text not null,
     name text not null,
     count integer not null,
     primary key (lineage, name)
   ) without rowid;
   create table effect_events (id text primary key, body text not null) without rowid;
   create table epoch (one integer primary key check (one = 1), epoch integer not null)`,
];
