import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { mustFindProject } from "./get-project.ts";
import { Project, ProjectId, projectOf } from "./schemas.ts";
import { removeProject } from "./store.ts";

export const deleteProject = defineOperation({
  action: "access.project.delete",
  effect: "write",
  scope: "projects:write",
  summary: "Delete a project other than the default one",
  input: ProjectId,
  output: Project,
  raises: ["not_found", "conflict", "precondition_failed"],
  resource: ({ id }) => `project:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id }) {
    const row = await mustFindProject(ctx, id);
    expectVersion(ctx, row.version);
    if (row.isDefault) {
      throw problem("conflict", "access.default_project", "The default project can't be deleted.");
    }
    await ctx.write({ entity: `project:${id}`, before: projectOf(row), projectId: id }, (q) =>
      removeProject(q, row),
    );
    return projectOf(row);
  },
});
