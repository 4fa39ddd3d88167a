import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindDelivery } from "../find-delivery.ts";
import { DeliveryRef, DeliveryWithNotification, deliveryOf } from "../schemas.ts";

export const getDelivery = defineOperation({
  action: "channels.delivery.get",
  effect: "read",
  scope: "channels:read",
  summary: "Read what became of a notification, with the notification itself",
  input: DeliveryRef,
  output: DeliveryWithNotification,
  raises: ["not_found"],
  resource: ({ id }) => `delivery:${id}`,
  async run(ctx, { id }) {
    const row = await mustFindDelivery(ctx, id);
    return { ...deliveryOf(row), notification: row.notification };
  },
});
