/**
 * Steps of the job store's schema, in order; a step is never edited once it was released. Row writes are what a job
 * costs, so a job has two indexes that change (where it is claimed, when it is due) and one that doesn't, its chunks
 * none, and the events of one decision share a row. Jobs lie in the order of their sequence, which is nearly that of
 * claims: the rows that a decision writes are neighbours.
 */
export const jobSteps: readonly string[] = [
  `create table jobs (
     seq integer primary key,
     id text not null unique,
     queue text,
     rank real not null,
     due integer,
     spec text not null,
     body text not null
   );
   create index jobs_queue on jobs (queue, rank) where queue is not null;
   create index jobs_due on jobs (due) where due is not null;
   create table payloads (job_id text primary key, body text not null) without rowid;
   create table closed_chunks (
     job_id text not null,
     idx integer not null,
     body text not null,
     primary key (job_id, idx)
   ) without rowid;
   create table links (
     list text not null,
     seq integer not null,
     job_id text not null,
     primary key (list, seq)
   ) without rowid;
   create table key_uses (key text primary key, body text not null) without rowid;
   create table job_state (id integer primary key, body text not null);
   create table job_events (seq integer primary key, at integer not null, size integer not null, body text not null);`,
];
