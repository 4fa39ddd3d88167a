import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { mustFindProject } from "./get-project.ts";
import { Project, ProjectChanges, projectOf } from "./schemas.ts";
import { replaceProject } from "./store.ts";

export const updateProject = defineOperation({
  action: "access.project.update",
  effect: "write",
  scope: "projects:write",
  summary: "Change a project",
  input: ProjectChanges,
  output: Project,
  raises: ["not_found", "conflict", "precondition_failed"],
  resource: ({ id }) => `project:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id, name, description, settings }) {
    const row = await mustFindProject(ctx, id);
    expectVersion(ctx, row.version);
    const next = {
      ...row,
      name: name ?? row.name,
      description: description ?? row.description,
      settings: settings ?? row.settings,
      version: row.version + 1,
      writeId: ctx.newId("wr"),
      updatedAt: ctx.now,
    };
    await ctx.write(
      { entity: `project:${id}`, before: projectOf(row), after: projectOf(next), projectId: id },
      (q) => replaceProject(q, next),
    );
    return projectOf(next);
  },
});
