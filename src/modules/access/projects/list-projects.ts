import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, toPage } from "../../../kernel/page.ts";
import { ProjectQuery, Projects, projectOf } from "./schemas.ts";
import { listProjects as listRows } from "./store.ts";

export const listProjects = defineOperation({
  action: "access.project.list",
  effect: "read",
  scope: "projects:read",
  summary: "List the projects that the caller can reach, newest first",
  input: ProjectQuery,
  output: Projects,
  raises: [],
  async run(ctx, { limit, cursor }) {
    const rows = await listRows(ctx.db, ctx.tenantId, {
      limit: limit + 1,
      after: decodeCursor(cursor),
      only: ctx.actor.projectIds,
    });
    return toPage(rows, limit, (row) => ({ at: row.createdAt, id: row.id }), projectOf);
  },
});
