import { findSchedule } from "../modules/schedules/index.ts";
import type { OutboxHandler } from "./outbox-handler.ts";

/** Tells the tenant's scheduler how a schedule stands now; gone or switched off, it forgets it. */
export const tellScheduler: OutboxHandler = async (session, { tenantId, payload }) => {
  const { id, version } = payload as { id: string; version: number };
  const row = await findSchedule(session.db, tenantId, id);
  if (row === undefined || !row.enabled) {
    await session.ports.scheduler.put(tenantId, id, row?.version ?? version + 1, null);
    return;
  }
  const { schedule, policy, action, projectId, updatedAt } = row;
  const entry = { id, version: row.version, schedule, policy, action, projectId, from: updatedAt.getTime() };
  await session.ports.scheduler.put(tenantId, id, row.version, entry);
};
