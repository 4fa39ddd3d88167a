import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { projectOf, reaches } from "../../../kernel/project-reach.ts";
import { findReport } from "../report.store.ts";

const Report = z
  .strictObject({
    id: z.string(),
    kind: z.enum(["gate", "regression", "analysis", "pipeline"]),
    jobId: z.string(),
    projectId: z.string(),
    createdAt: z.iso.datetime(),
    body: z.unknown(),
  })
  .meta({ id: "Report" });

export const getReport = defineOperation({
  action: "evaluation.report.get",
  effect: "read",
  scope: "runs:read",
  summary: "Read what a gate, regression, analysis or pipeline job made",
  input: z.strictObject({ id: z.string() }),
  output: Report,
  raises: ["not_found"],
  resource: ({ id }) => `report:${id}`,
  async run(ctx, { id }) {
    const row = await findReport(ctx.db, ctx.tenantId, id);
    if (row === undefined || !reaches(ctx.actor, projectOf(row.projectId))) {
      throw problem("not_found", "evaluation.report_unknown", `There is no report ${id}.`);
    }
    const { tenantId: _, createdAt, ...rest } = row;
    return { ...rest, createdAt: createdAt.toISOString() };
  },
});
