import type { Ctx, OutboxMessage } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";
import { reaches } from "../../kernel/project-reach.ts";
import { nextRuns, previewLength } from "./next-runs.rules.ts";
import type { SavedSchedule } from "./schemas.ts";
import { findSchedule } from "./store.ts";
import type { ScheduleRow } from "./tables.ts";

/** @throws not_found `schedules.unknown` */
export async function mustFindSchedule(ctx: Ctx, id: string): Promise<ScheduleRow> {
  const row = await findSchedule(ctx.db, ctx.tenantId, id);
  if (row !== undefined && reaches(ctx.actor, row.projectId)) return row;
  throw problem("not_found", "schedules.unknown", `There is no schedule ${id}.`);
}

/** Runs as they go over the wire. */
export function previewOf(schedule: ScheduleRow["schedule"], now: number, length = previewLength) {
  return nextRuns(schedule, now, length).map(({ scheduledFor, local, note }) => ({
    scheduledFor: new Date(scheduledFor).toISOString(),
    local,
    note: note ?? null,
  }));
}

/** A schedule as it goes over the wire, with its next runs. */
export function scheduleOf(row: ScheduleRow, now: Date): SavedSchedule {
  const { tenantId: _, writeId: __, createdAt, updatedAt, ...rest } = row;
  return {
    ...rest,
    nextRuns: row.enabled ? previewOf(row.schedule, now.getTime(), 3) : [],
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** The scheduler must learn how this schedule stands; `version` lets it pass over a message that comes late. */
export const scheduleChanged = ({ id, version }: { id: string; version: number }): OutboxMessage => ({
  topic: "schedules.changed",
  payload: { id, version },
});
