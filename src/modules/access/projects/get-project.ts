import type { Ctx } from "../../../kernel/context.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { reaches } from "../../../kernel/project-reach.ts";
import { unknown } from "../problems.ts";
import { Project, ProjectId, projectOf } from "./schemas.ts";
import { findProject, type ProjectRow } from "./store.ts";

export async function mustFindProject(ctx: Ctx, id: string): Promise<ProjectRow> {
  const row = reaches(ctx.actor, id) ? await findProject(ctx.db, ctx.tenantId, id) : undefined;
  if (row === undefined) throw unknown("project", id);
  return row;
}

export const getProject = defineOperation({
  action: "access.project.get",
  effect: "read",
  scope: "projects:read",
  summary: "Read a project",
  input: ProjectId,
  output: Project,
  raises: ["not_found"],
  resource: ({ id }) => `project:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id }) {
    return projectOf(await mustFindProject(ctx, id));
  },
});
