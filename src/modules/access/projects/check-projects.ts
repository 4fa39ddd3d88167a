import type { Ctx } from "../../../kernel/context.ts";
import { problem } from "../../../kernel/problem.ts";
import { findProjectIds } from "./store.ts";

/** Refuses ids (at most 90) that aren't projects of the tenant, pointing at each. */
export async function checkProjects(ctx: Ctx, ids: readonly string[] | null): Promise<void> {
  if (ids === null) return;
  const known = new Set(await findProjectIds(ctx.db, ctx.tenantId, ids));
  const errors = ids.flatMap((id, i) =>
    known.has(id)
      ? []
      : [{ pointer: `/projectIds/${i}`, code: "unknown_project", message: `There is no project ${id}.` }],
  );
  if (errors.length > 0) {
    throw problem("invalid_input", "access.unknown_project", "Some of the projects don't exist.", { errors });
  }
}
