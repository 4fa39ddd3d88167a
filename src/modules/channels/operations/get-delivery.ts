import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindDelivery } from "../find-delivery.ts";
import { attemptOf, DeliveryRef, DeliveryWithNotification, deliveryOf } from "../schemas.ts";
import { listAttempts } from "../store.ts";

export const getDelivery = defineOperation({
  action: "channels.delivery.get",
  effect: "read",
  scope: "channels:read",
  summary: "Read what became of a notification, with each attempt and the notification itself",
  input: DeliveryRef,
  output: DeliveryWithNotification,
  raises: ["not_found"],
  resource: ({ id }) => `delivery:${id}`,
  async run(ctx, { id }) {
    const row = await mustFindDelivery(ctx, id);
    const log = (await listAttempts(ctx.db, ctx.tenantId, id)).map(attemptOf);
    return { ...deliveryOf(row), notification: row.notification, log };
  },
});
