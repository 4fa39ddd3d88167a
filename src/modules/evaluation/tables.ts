import type { Run } from "../../../contracts/runs.ts";
import { defineTables } from "../../db/define-tables.ts";
import type { LineIndex } from "../../kernel/blob-lines.ts";

export const evaluationTables = defineTables((k) => ({
  runs: k.table(
    "evaluation_runs",
    {
      id: k.text("id").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      projectId: k.text("project_id").notNull(),
      jobId: k.text("job_id").notNull(),
      datasetId: k.text("dataset_id").notNull(),
      datasetName: k.text("dataset_name").notNull(),
      profile: k.text("profile"),
      run: k.json<Run>("run").notNull(),
      config: k.json<unknown>("config").notNull(),
      configHash: k.text("config_hash").notNull(),
      costMicros: k.int("cost_micros").notNull(),
      resultsKey: k.text("results_key").notNull(),
      resultsIndex: k.json<LineIndex>("results_index").notNull(),
      createdAt: k.time("created_at").notNull(),
    },
    (t) => [
      k.unique("evaluation_runs_job").on(t.tenantId, t.jobId),
      k.index("evaluation_runs_created").on(t.tenantId, t.createdAt, t.id),
      k.index("evaluation_runs_dataset").on(t.tenantId, t.datasetId, t.createdAt),
    ],
  ),
  reports: k.table("evaluation_reports", {
    id: k.text("id").primaryKey(),
    tenantId: k.text("tenant_id").notNull(),
    projectId: k.text("project_id").notNull(),
    jobId: k.text("job_id").notNull(),
    kind: k.oneOf("kind", ["gate", "regression", "analysis", "pipeline"]).notNull(),
    body: k.json<unknown>("body").notNull(),
    createdAt: k.time("created_at").notNull(),
  }),
}));
