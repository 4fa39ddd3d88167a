/** Append-only: a step that ran is never edited. */
export const engineSteps = [
  `create table shard (one integer primary key check (one = 1), body text not null);
   create table keys (lineage text not null, key text not null, body text not null, primary key (lineage, key)) without rowid;
   create table timers (
     lineage text not null,
     clock text not null,
     key text not null,
     due integer not null,
     primary key (lineage, clock, key)
   ) without rowid;
   create index timers_due on timers (lineage, clock, due, key);
   create table seen (source text not null, id text not null, at integer not null, forget_at integer not null, primary key (source, id)) without rowid;
   create index seen_forget on seen (forget_at);
   create table rules_told (one integer primary key check (one = 1), generation integer not null);
   create table rules (lineage text not null, version integer not null, body text not null, primary key (lineage, version)) without rowid;
   create table signals_out (seq integer primary key autoincrement, body text not null)`,
];
