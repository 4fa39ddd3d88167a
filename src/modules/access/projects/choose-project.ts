import type { Ctx } from "../../../kernel/context.ts";
import { problem } from "../../../kernel/problem.ts";
import { mustFindProjectRow } from "./get-project.ts";
import { type Project, projectOf } from "./schemas.ts";
import { findDefaultProject } from "./store.ts";

/**
 * The project that something is to belong to: the one that is named, else the only one that the caller can reach, else
 * the tenant's default. 404 for a project that the caller can't reach.
 */
export async function chooseProject(ctx: Ctx, id: string | undefined): Promise<Project> {
  const [only, ...others] = ctx.actor.projectIds ?? [];
  const named = id ?? (others.length === 0 ? only : undefined);
  if (named !== undefined) return projectOf(await mustFindProjectRow(ctx, named));
  const row = only === undefined ? await findDefaultProject(ctx.db, ctx.tenantId) : undefined;
  if (row !== undefined) return projectOf(row);
  const message = "Name one of the projects that you can reach.";
  throw problem("invalid_input", "access.project_missing", message, {
    errors: [{ pointer: "/projectId", code: "required", message }],
  });
}
