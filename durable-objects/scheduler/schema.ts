/** Append-only: a step that ran is never edited. */
export const schedulerSteps = [
  `create table entries (
     id text primary key,
     version integer not null,
     body text,
     decided_up_to integer not null,
     wake_at integer
   );
   create index entries_wake on entries (wake_at) where wake_at is not null;
   create table runs (
     key text primary key,
     schedule_id text not null,
     scheduled_for integer not null,
     due_at integer not null,
     state text not null,
     job_id text,
     attempts integer not null default 0,
     next_try_at integer,
     reason text
   );
   create index runs_schedule on runs (schedule_id, scheduled_for);
   create index runs_pending on runs (next_try_at) where next_try_at is not null`,
];
