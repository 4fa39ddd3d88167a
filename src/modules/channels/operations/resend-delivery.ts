import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { deliverNotification } from "../deliver-notification.ts";
import { mustFindChannel } from "../find-channel.ts";
import { mustFindDelivery } from "../find-delivery.ts";
import { DeliveryRef, DeliveryResult } from "../schemas.ts";

/** For so long nobody else sends it; should this call die, the hub sees to it afterwards. */
const leaseMs = 60_000;

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
    const { alerts } = ctx.ports;
    const claim = await alerts.execute(ctx.tenantId, { type: "claim", id, leaseMs, again: true });
    if (!claim.ok && claim.state !== "unknown")
      throw problem(
        "conflict",
        "channels.delivery_waiting",
        "It will be tried again by itself; resend it when it is dead.",
      );
    const attempt = Math.max(row.attempts + 1, claim.ok ? claim.attempt : 0);
    const final = { final: true };
    const outcome = await deliverNotification(ctx, channel.id, row.notification, attempt, final);
    if (claim.ok) await alerts.execute(ctx.tenantId, { type: "report", id, epoch: claim.epoch, outcome });
    return { state: outcome.state, detail: outcome.detail, nextAt: null };
  },
});
