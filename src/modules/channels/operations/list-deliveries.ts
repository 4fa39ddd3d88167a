import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, pageOf, toPage } from "../../../kernel/page.ts";
import { reaches } from "../../../kernel/project-reach.ts";
import { mustFindChannel } from "../find-channel.ts";
import { Delivery, DeliveryQuery, deliveryOf } from "../schemas.ts";
import { listDeliveryRows } from "../store.ts";

export const listDeliveries = defineOperation({
  action: "channels.delivery.list",
  effect: "read",
  scope: "channels:read",
  summary: "List what became of notifications, newest first; the dead letters with state=dead",
  input: DeliveryQuery,
  output: pageOf(Delivery),
  raises: ["not_found"],
  async run(ctx, { limit, cursor, channelId, state }) {
    if (channelId !== undefined) await mustFindChannel(ctx, channelId);
    const after = decodeCursor(cursor);
    const rows = await listDeliveryRows(ctx.db, ctx.tenantId, { limit: limit + 1, after, channelId, state });
    const page = toPage(
      rows,
      limit,
      (row) => ({ at: row.createdAt, id: row.id }),
      (row) => row,
    );
    return { ...page, items: page.items.filter((row) => reaches(ctx.actor, row.projectId)).map(deliveryOf) };
  },
});
