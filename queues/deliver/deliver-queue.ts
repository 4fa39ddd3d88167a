import * as z from "zod";
import { type Session, systemCtx } from "../../src/context.ts";
import {
  deliverNotification,
  suppressDelivery,
  suppressNotification,
} from "../../src/modules/channels/index.ts";
import { findSettings } from "../../src/modules/settings/index.ts";
import { defineQueue } from "../kit/define-queue.ts";

const Delivery = z.strictObject({
  tenantId: z.string().min(1),
  notificationId: z.string(),
  channelId: z.string(),
});
type Delivery = z.infer<typeof Delivery>;

const leaseMs = 60_000;
const isOff = "Notifications are off (setting notifications.enabled); resend it once they are on.";

/** Delivers one notification: claims it from the tenant's hub, hands it to its channel, and reports how that went. */
async function deliver(session: Session, { tenantId, notificationId, channelId }: Delivery): Promise<void> {
  const { alerts } = session.ports;
  const claim = await alerts.execute(tenantId, { type: "claim", id: notificationId, leaseMs });
  const ctx = systemCtx(session, tenantId, "channels.notification.deliver");
  if (!claim.ok) {
    if (claim.state === "suppressed") await suppressDelivery(ctx, notificationId, claim.detail ?? "");
    return;
  }
  const notification = await alerts.notification(tenantId, notificationId);
  if (notification === null) return;
  const settings = await findSettings(ctx);
  const outcome = settings["notifications.enabled"]
    ? await deliverNotification(ctx, channelId, notification, claim.attempt)
    : await suppressNotification(ctx, channelId, notification, claim.attempt, isOff);
  const report = { type: "report" as const, id: notificationId, epoch: claim.epoch, outcome };
  await alerts.execute(tenantId, report);
  session.ports.meter.count("maru_notifications_total", { tenant_id: tenantId, outcome: outcome.state });
}

export const deliverQueue = defineQueue({
  name: "maru-deliver",
  message: Delivery,
  retry: { baseMs: 1_000, capMs: 60_000, maxAttempts: 10 },
  handle: deliver,
});
