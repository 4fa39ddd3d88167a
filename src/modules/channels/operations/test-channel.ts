import { defineOperation } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { deliverNotification } from "../deliver-notification.ts";
import { mustFindChannel } from "../find-channel.ts";
import { ChannelRef, DeliveryResult } from "../schemas.ts";
import { sampleNotification } from "../templates/sample-notification.ts";

export const testChannel = defineOperation({
  action: "channels.channel.test",
  effect: "write",
  scope: "channels:write",
  summary: "Send a sample message to a channel and answer what the receiver said; it is not tried again",
  input: ChannelRef,
  output: DeliveryResult,
  raises: ["not_found", "forbidden"],
  resource: ({ id }) => `channel:${id}`,
  async run(ctx, { id }) {
    const channel = await mustFindChannel(ctx, id);
    mustChangeWithin(ctx.actor, channel.projectId);
    const sample = sampleNotification("firing", ctx.now.getTime());
    const notification = { ...sample, id: ctx.newId("ntf"), tenantId: ctx.tenantId, channelId: id };
    const delivered = await deliverNotification(ctx, id, notification, 1, {
      final: true,
      entity: `channel:${id}`,
    });
    return { state: delivered.state, detail: delivered.detail, nextAt: null };
  },
});
