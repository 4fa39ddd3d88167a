/** Append-only: a step that ran is never edited. */
export const ledgerSteps = [
  `create table head (one integer primary key check (one = 1), seq integer not null, hash text not null);
   create table reserved (seq integer primary key, event_id text not null, hash text not null);`,
];
