import { defineTables } from "../../db/define-tables.ts";

export const policyTables = defineTables((k) => ({
  usagePolicies: k.table("usage_policies", {
    tenantId: k.text("tenant_id").primaryKey(),
    allowedModels: k.json<string[]>("allowed_models"),
    allowedMetrics: k.json<string[]>("allowed_metrics"),
    dailyCostLimitMicros: k.int("daily_cost_limit_micros"),
    monthlyCostLimitMicros: k.int("monthly_cost_limit_micros"),
    maxConcurrentRuns: k.int("max_concurrent_runs").notNull(),
    maxDailyRuns: k.int("max_daily_runs").notNull(),
    dataRetentionDays: k.int("data_retention_days").notNull(),
    timeZone: k.text("time_zone").notNull(),
    updatedBy: k.text("updated_by").notNull(),
    updatedAt: k.time("updated_at").notNull(),
    version: k.int("version").notNull(),
    writeId: k.text("write_id").notNull(),
  }),
}));

export type PolicyRow = typeof policyTables.sqlite.usagePolicies.$inferSelect;
