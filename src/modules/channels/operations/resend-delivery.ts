import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { deliverNotification } from "../deliver-notification.ts";
import { mustFindChannel } from "../find-channel.ts";
import { mustFindDelivery } from "../find-delivery.ts";
import { DeliveryRef, DeliveryResult } from "../schemas.ts";

export const resendDelivery = defineOperation({
  action: "channels.delivery.resend",
  effect: "write",
  scope: "channels:write",
  summary: "Send a notification once more under its own id, by which the receiver knows a repeat",
  input: DeliveryRef,
  output: DeliveryResult,
  raises: ["not_found", "conflict", "forbidden"],
  resource: ({ id }) => `delivery:${id}`,
  async run(ctx, { id }) {
    const row = await mustFindDelivery(ctx, id);
    const channel = await mustFindChannel(ctx, row.channelId);
    mustChangeWithin(ctx.actor, channel.projectId);
    if (row.state === "retry")
      throw problem(
        "conflict",
        "channels.delivery_waiting",
        "It will be tried again by itself; resend it when it is dead.",
      );
    const delivered = await deliverNotification(ctx, channel.id, row.notification, row.attempts + 1, {
      final: true,
    });
    return { state: delivered.state, detail: delivered.detail, nextAt: null };
  },
});
