import type { Ctx } from "../../kernel/context.ts";
import { type AppError, problem } from "../../kernel/problem.ts";
import { reaches } from "../../kernel/project-reach.ts";
import { findSource } from "./store.ts";
import type { SourceRow } from "./tables.ts";

/** @throws not_found `sources.unknown` */
export async function mustFindSource(ctx: Ctx, id: string): Promise<SourceRow> {
  const row = await findSource(ctx.db, ctx.tenantId, id);
  if (row !== undefined && reaches(ctx.actor, row.projectId)) return row;
  throw unknownSource(id);
}

export const unknownSource = (id: string): AppError =>
  problem("not_found", "sources.unknown", `There is no source ${id}.`);
