import type { Ctx } from "../../kernel/context.ts";
import { findDelivery, putDelivery } from "./store.ts";

/** Writes down that a delivery which waited for another attempt is not to go out any more. */
export async function suppressDelivery(ctx: Ctx, id: string, detail: string): Promise<void> {
  const row = await findDelivery(ctx.db, ctx.tenantId, id);
  if (row?.state !== "retry") return;
  const state = "suppressed" as const;
  await ctx.write(
    {
      entity: `delivery:${id}`,
      before: { deliveryId: id, channelId: row.channelId, state: row.state },
      after: { deliveryId: id, channelId: row.channelId, state, detail },
      ...(row.projectId === null ? {} : { projectId: row.projectId }),
    },
    (q) => [putDelivery(q, { ...row, state, detail, nextAt: null, updatedAt: ctx.now })],
  );
}
