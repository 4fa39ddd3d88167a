import * as z from "zod";
import { Run } from "../../../../contracts/runs.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, PageQuery, pageOf, toPage } from "../../../kernel/page.ts";
import { sharedProject } from "../../../kernel/project-reach.ts";
import { listRuns as selectRuns } from "../store.ts";

export const listRuns = defineOperation({
  action: "evaluation.run.list",
  effect: "read",
  scope: "runs:read",
  summary: "List runs, newest first",
  input: z.strictObject({
    ...PageQuery.shape,
    datasetId: z.string().optional(),
    profile: z.string().optional(),
    projectId: z.string().optional(),
  }),
  output: pageOf(Run),
  raises: [],
  async run(ctx, { limit, cursor, datasetId, profile, projectId }) {
    const visible = ctx.actor.projectIds && [...ctx.actor.projectIds, sharedProject];
    const projectIds =
      projectId === undefined ? visible : [projectId].filter((id) => visible?.includes(id) ?? true);
    const filter = {
      ...(projectIds ? { projectIds } : {}),
      ...(datasetId ? { datasetId } : {}),
      ...(profile ? { profile } : {}),
    };
    const rows = await selectRuns(ctx.db, ctx.tenantId, filter, limit + 1, decodeCursor(cursor));
    return toPage(
      rows,
      limit,
      (row) => ({ at: row.createdAt, id: row.id }),
      (row) => row.run,
    );
  },
});
