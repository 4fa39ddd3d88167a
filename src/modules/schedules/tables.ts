import type { RunPolicy, Schedule } from "../../../contracts/schedules.ts";
import { defineTables } from "../../db/define-tables.ts";
import type { ScheduledAction } from "./schemas.ts";

export const scheduleTables = defineTables((k) => ({
  schedules: k.table(
    "schedules",
    {
      id: k.text("id").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      projectId: k.text("project_id"),
      name: k.text("name").notNull(),
      schedule: k.json<Schedule>("schedule").notNull(),
      policy: k.json<RunPolicy>("policy").notNull(),
      action: k.json<ScheduledAction>("action").notNull(),
      enabled: k.bool("enabled").notNull(),
      createdBy: k.text("created_by").notNull(),
      createdAt: k.time("created_at").notNull(),
      updatedAt: k.time("updated_at").notNull(),
      version: k.int("version").notNull(),
      writeId: k.text("write_id").notNull(),
    },
    (t) => [
      k.unique("schedules_name").on(t.tenantId, t.name),
      k.index("schedules_created").on(t.tenantId, t.createdAt, t.id),
    ],
  ),
}));

export type ScheduleRow = typeof scheduleTables.sqlite.schedules.$inferSelect;
