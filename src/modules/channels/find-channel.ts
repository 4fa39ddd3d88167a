import type { Ctx } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";
import { reaches } from "../../kernel/project-reach.ts";
import { findChannel } from "./store.ts";
import type { ChannelRow } from "./tables.ts";

/** @throws not_found `channels.unknown` */
export async function mustFindChannel(ctx: Ctx, id: string): Promise<ChannelRow> {
  const row = await findChannel(ctx.db, ctx.tenantId, id);
  if (row !== undefined && reaches(ctx.actor, row.projectId)) return row;
  throw problem("not_found", "channels.unknown", `There is no channel ${id}.`);
}
