import * as z from "zod";
import { NotificationPreferences } from "../../../../contracts/on-call.ts";
import { personOf } from "../../../kernel/actor-name.ts";
import type { Ctx } from "../../../kernel/context.ts";
import { problem } from "../../../kernel/problem.ts";
import { covers } from "../../../kernel/scopes.ts";
import { findUserIds } from "../../access/index.ts";

export const PersonRef = z.strictObject({ userId: z.string().min(1).max(128) });

/** How a user wants to be told; version 0: nothing was ever said, and escalations can't reach them. */
export const SavedPreferences = z
  .strictObject({ userId: z.string(), ...NotificationPreferences.shape, version: z.int() })
  .meta({ id: "SavedNotificationPreferences" });

/**
 * Refuses anybody but the user and who may change alerts, and users that there aren't.
 * @throws forbidden `alerts.not_yours`, not_found `alerts.unknown_user`
 */
export async function mustSpeakFor(ctx: Ctx, userId: string): Promise<void> {
  const { actor } = ctx;
  const isOwn = personOf(actor) === userId;
  const [found] = await findUserIds(ctx.db, ctx.tenantId, [userId]);
  if (found === undefined) throw problem("not_found", "alerts.unknown_user", `There is no user ${userId}.`);
  if (isOwn || covers(actor.grants, "alerts:write")) return;
  throw problem("forbidden", "alerts.not_yours", 'Those of others need the scope "alerts:write".');
}
