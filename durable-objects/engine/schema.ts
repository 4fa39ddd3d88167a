/** Append-only: a step that ran is never edited. */
export const engineSteps = [
  `create table shard (one integer primary key check (one = 1), steps integer not null, body text not null);
   create table keys (
     row integer primary key,
     lineage text not null,
     key text not null,
     due integer,
     expiry integer,
     body text not null,
     unique (lineage, key)
   );
   create index keys_due on keys (lineage, due, key) where due is not null;
   create index keys_expiry on keys (lineage, expiry, key) where expiry is not null;
   create table seen (id text not null, source text not null, at integer not null, primary key (id, source)) without rowid;
   create table seen_batches (n integer primary key, source text not null, at integer not null, forget_at integer not null, size integer not null, ids text not null);
   create index seen_batches_forget on seen_batches (forget_at);
   create table rules_told (one integer primary key check (one = 1), generation integer not null, shards integer not null);
   create table rules (lineage text not null, version integer not null, body text not null, primary key (lineage, version)) without rowid;
   create table signals_out (seq integer primary key autoincrement, body text not null)`,
];
