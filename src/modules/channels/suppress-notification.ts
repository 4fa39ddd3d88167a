import type { Notification } from "../../../contracts/alerts.ts";
import { actorName } from "../../kernel/actor-name.ts";
import type { Ctx } from "../../kernel/context.ts";
import { findChannel, insertAttempt, putDelivery } from "./store.ts";

/** A notification that is not sent, but can be resent. */
export interface Suppressed {
  readonly state: "suppressed";
  readonly reasons: readonly [];
  readonly detail: string;
}

/** Writes down that a notification is not sent, and why; `attempt` counts from 1. */
export async function suppressNotification(
  ctx: Ctx,
  channelId: string,
  notification: Notification,
  attempt: number,
  detail: string,
): Promise<Suppressed> {
  const { tenantId, now } = ctx;
  const { id } = notification;
  const projectId = (await findChannel(ctx.db, tenantId, channelId))?.projectId ?? null;
  const said = { state: "suppressed" as const, detail };
  const counted = { tenantId, attempts: attempt, lastStatus: null, nextAt: null };
  await ctx.write(
    {
      entity: `delivery:${id}`,
      after: { deliveryId: id, channelId, attempts: attempt, ...said },
      ...(projectId === null ? {} : { projectId }),
    },
    (q) => [
      putDelivery(q, {
        ...counted,
        ...said,
        id,
        channelId,
        projectId,
        notification,
        createdAt: new Date(notification.createdAt),
        updatedAt: now,
      }),
      insertAttempt(q, {
        tenantId,
        deliveryId: id,
        attempt,
        at: now,
        status: null,
        by: actorName(ctx.actor),
        ...said,
      }),
    ],
  );
  return { ...said, reasons: [] };
}
