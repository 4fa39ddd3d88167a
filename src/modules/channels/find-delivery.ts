import type { Ctx } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";
import { reaches } from "../../kernel/project-reach.ts";
import { findDelivery } from "./store.ts";
import type { DeliveryRow } from "./tables.ts";

/** @throws not_found `channels.delivery_unknown` */
export async function mustFindDelivery(ctx: Ctx, id: string): Promise<DeliveryRow> {
  const row = await findDelivery(ctx.db, ctx.tenantId, id);
  if (row !== undefined && reaches(ctx.actor, row.projectId)) return row;
  throw problem("not_found", "channels.delivery_unknown", `There is no delivery ${id}.`);
}
