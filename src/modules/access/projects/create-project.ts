import { defineOperation } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { NewProject, Project, projectOf } from "./schemas.ts";
import { insertProject } from "./store.ts";

export const createProject = defineOperation({
  action: "access.project.create",
  effect: "write",
  scope: "projects:write",
  summary: "Create a project",
  input: NewProject,
  output: Project,
  raises: ["conflict"],
  version: ({ version }) => version,
  async run(ctx, { name, description, settings }) {
    mustChangeWithin(ctx.actor, null);
    const row = {
      id: ctx.newId("prj"),
      tenantId: ctx.tenantId,
      name,
      description,
      settings,
      isDefault: false,
      version: 1,
      writeId: ctx.newId("wr"),
      createdAt: ctx.now,
      updatedAt: ctx.now,
    };
    await ctx.write({ entity: `project:${row.id}`, after: projectOf(row), projectId: row.id }, (q) => [
      insertProject(q, row),
    ]);
    return projectOf(row);
  },
});
