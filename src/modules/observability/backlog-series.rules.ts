import type { Series } from "../../kernel/series.ts";

/** What waits in the database of the whole platform. */
export interface Backlog {
  readonly outboxDepth: number;
  readonly outboxOldestAt: Date | null;
  readonly unsealedEvents: number;
  readonly jobs: readonly { readonly tenantId: string; readonly status: string; readonly jobs: number }[];
}

const waitingStatuses = ["QUEUED", "RUNNING"];

/** A backlog as gauges read at `now` (milliseconds). A status without jobs shows as zero. */
export function backlogSeries(backlog: Backlog, now: number): Series[] {
  const { outboxDepth, outboxOldestAt, unsealedEvents, jobs } = backlog;
  const age = outboxOldestAt === null ? 0 : Math.max(0, now - outboxOldestAt.getTime()) / 1000;
  const gauge = (name: string, value: number, labels: readonly string[] = []): Series => ({
    name,
    labels,
    value,
    at: now,
  });
  return [
    gauge("maru_outbox_depth", outboxDepth),
    gauge("maru_outbox_oldest_age_seconds", age),
    gauge("maru_audit_events_unsealed", unsealedEvents),
    ...waitingStatuses.map((status) => gauge("maru_job_queue_depth", 0, [status, ""])),
    ...jobs.map((row) => gauge("maru_job_queue_depth", row.jobs, [row.status, row.tenantId])),
  ];
}
