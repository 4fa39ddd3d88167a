import { expect, it } from "vitest";
import { backlogSeries } from "../../../../src/modules/observability/backlog-series.rules.ts";
import { metricCatalogue } from "../../../../src/modules/observability/catalogue.ts";
import { writeExposition } from "../../../../src/modules/observability/exposition.rules.ts";

const now = Date.parse("2026-03-01T00:01:00.000Z");
const backlog = {
  outboxDepth: 2,
  outboxOldestAt: new Date(now - 30_500),
  unsealedEvents: 1,
  jobs: [
    { tenantId: "t1", status: "QUEUED", jobs: 3 },
    { tenantId: "t2", status: "QUEUED", jobs: 4 },
  ],
};
const lines = (more: object) =>
  writeExposition(metricCatalogue, backlogSeries(backlog, now), { prefix: "maru", ...more })
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));

it("shows what waits, with zero where nothing does", () => {
  expect(lines({})).toEqual([
    'maru_job_queue_depth{status="QUEUED"} 7',
    'maru_job_queue_depth{status="RUNNING"} 0',
    "maru_outbox_depth 2",
    "maru_outbox_oldest_age_seconds 30.5",
    "maru_audit_events_unsealed 1",
  ]);
  expect(lines({ tenantId: "t1" })).toEqual(['maru_job_queue_depth{status="QUEUED"} 3']);
});

it("counts a message that is due in the future as not waiting", () => {
  const later = backlogSeries({ ...backlog, outboxOldestAt: new Date(now + 1000) }, now);
  expect(later.find(({ name }) => name === "maru_outbox_oldest_age_seconds")?.value).toBe(0);
});
