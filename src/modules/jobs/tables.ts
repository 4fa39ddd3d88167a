import { defineTables } from "../../db/define-tables.ts";
import type { JobSnapshot } from "./engine/effects.ts";

/** The read model of jobs: fed by the tenant's job object, never on the path of a decision. */
export const jobTables = defineTables((k) => ({
  jobs: k.table(
    "jobs",
    {
      id: k.text("id").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      projectId: k.text("project_id").notNull(),
      type: k.text("type").notNull(),
      status: k.text("status").notNull(),
      state: k.text("state").notNull(),
      job: k.json<JobSnapshot>("job").notNull(),
      lastEventSeq: k.int("last_event_seq").notNull(),
      costMicros: k.int("cost_micros").notNull(),
      createdAt: k.time("created_at").notNull(),
    },
    (t) => [
      k.index("jobs_created").on(t.tenantId, t.createdAt, t.id),
      k.index("jobs_status").on(t.tenantId, t.status, t.createdAt),
    ],
  ),
}));
