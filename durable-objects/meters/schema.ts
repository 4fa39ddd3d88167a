/** Append-only: a step that ran is never edited. */
export const metersSteps = [
  `create table series (key text primary key, body text not null);
   create table sources (source text primary key, n integer not null, at integer not null);`,
];
