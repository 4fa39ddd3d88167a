/** Who waits for turns on this lane, and which turns are out. */
export const laneSteps = [
  `create table flows (
     tenant_id text primary key,
     waiting integer not null,
     weight real not null,
     credit real not null
   );
   create table permits (id text primary key, tenant_id text not null, issued_at integer not null);
   create index permits_issued on permits (issued_at)`,
];
