import type { Notification } from "../../../contracts/alerts.ts";
import { actorName } from "../../kernel/actor-name.ts";
import type { Ctx } from "../../kernel/context.ts";
import type { NotifyOutcome } from "../../kernel/ports/notify.ts";
import { AppError } from "../../kernel/problem.ts";
import { readSecret } from "../secrets/index.ts";
import { composeMessage } from "./compose-message.rules.ts";
import { type DeliveryStep, nextStep } from "./delivery.rules.ts";
import { disableChannel, findChannel, insertAttempt, putDelivery } from "./store.ts";
import type { AttemptRow, ChannelRow, DeliveryRow } from "./tables.ts";

/** What the sender of a notification is to note about it. */
export type Delivered =
  | { readonly state: "sent"; readonly detail: string }
  | { readonly state: "retry"; readonly at: number; readonly detail: string }
  | { readonly state: "dead"; readonly detail: string };

/**
 * Hands a notification to its channel and writes down how that went; `attempt` counts from 1. Sends at most once a call;
 * the same notification always carries the same id. `final` makes a failure final that would be tried again. A channel that is gone or switched off makes it a dead letter.
 */
export async function deliverNotification(
  ctx: Ctx,
  channelId: string,
  notification: Notification,
  attempt: number,
  options: { readonly final?: boolean; readonly entity?: string } = {},
): Promise<Delivered> {
  const channel = await findChannel(ctx.db, ctx.tenantId, channelId);
  const outcome =
    channel === undefined
      ? refused("The channel no longer exists.")
      : await sendOnce(ctx, channel, notification);
  const planned = nextStep(outcome, attempt, ctx.now.getTime(), Math.random());
  const step: DeliveryStep =
    planned.state === "retry" && options.final
      ? { state: "dead", detail: planned.detail, disables: false }
      : planned;
  const place = { id: channelId, projectId: channel?.projectId ?? null };
  await record(ctx, place, notification, outcome, step, attempt, options.entity);
  if (step.state === "dead") return { state: "dead", detail: step.detail };
  return step;
}

/** One attempt, whose failures of every kind are an outcome. */
export async function sendOnce(
  ctx: Ctx,
  channel: ChannelRow,
  notification: Notification,
): Promise<NotifyOutcome> {
  if (channel.disabledAt !== null) return refused(`The channel is off: ${channel.disabledReason ?? ""}`);
  let secret: string | undefined;
  try {
    if (channel.secretName !== null) secret = await readSecret(ctx, channel.secretName);
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== "not_found") throw error;
    return refused(`There is no secret ${channel.secretName}.`);
  }
  const message = composeMessage(channel, notification, ctx.now.getTime());
  return ctx.ports.notify.send(
    { config: channel.config, ...(secret === undefined ? {} : { secret }) },
    message,
  );
}

function refused(snippet: string): NotifyOutcome {
  return { sent: false, status: null, retryable: false, gone: false, retryAfterMs: 0, snippet };
}

async function record(
  ctx: Ctx,
  channel: Pick<ChannelRow, "id" | "projectId">,
  notification: Notification,
  outcome: NotifyOutcome,
  step: DeliveryStep,
  attempt: number,
  entity = `delivery:${notification.id}`,
): Promise<void> {
  const row: DeliveryRow = {
    tenantId: ctx.tenantId,
    id: notification.id,
    channelId: channel.id,
    projectId: channel.projectId,
    state: step.state,
    attempts: attempt,
    nextAt: step.state === "retry" ? new Date(step.at) : null,
    lastStatus: outcome.status,
    detail: step.detail,
    notification,
    createdAt: new Date(notification.createdAt),
    updatedAt: ctx.now,
  };
  const tried: AttemptRow = {
    tenantId: ctx.tenantId,
    deliveryId: notification.id,
    attempt,
    at: ctx.now,
    state: step.state,
    status: outcome.status,
    detail: step.detail,
    by: actorName(ctx.actor),
  };
  const disables = step.state === "dead" && step.disables;
  await ctx.write(
    {
      entity,
      after: {
        deliveryId: row.id,
        channelId: channel.id,
        state: row.state,
        attempts: attempt,
        lastStatus: row.lastStatus,
      },
      ...(channel.projectId === null ? {} : { projectId: channel.projectId }),
    },
    (q) => [
      putDelivery(q, row),
      insertAttempt(q, tried),
      ...(disables
        ? [
            disableChannel(
              q,
              { tenantId: ctx.tenantId, id: channel.id },
              "The receiver answered 410: it is gone.",
              ctx.now,
              ctx.newId("wr"),
            ),
          ]
        : []),
    ],
  );
}
