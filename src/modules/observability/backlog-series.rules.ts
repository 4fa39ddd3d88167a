import type { Series } from "../../kernel/series.ts";

/** What waits in the database, as gauges read at `now` (milliseconds). */
export function backlogSeries(
  backlog: {
    readonly outboxDepth: number;
    readonly outboxOldestAt: Date | null;
    readonly unsealedEvents: number;
  },
  now: number,
): Series[] {
  const { outboxDepth, outboxOldestAt, unsealedEvents } = backlog;
  const age = outboxOldestAt === null ? 0 : Math.max(0, now - outboxOldestAt.getTime()) / 1000;
  const gauges: readonly (readonly [string, number])[] = [
    ["maru_outbox_depth", outboxDepth],
    ["maru_outbox_oldest_age_seconds", age],
    ["maru_audit_events_unsealed", unsealedEvents],
  ];
  return gauges.map(([name, value]) => ({ name, labels: [], value, at: now }));
}
