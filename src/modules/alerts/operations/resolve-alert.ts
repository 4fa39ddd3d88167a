import * as z from "zod";
import { actorName } from "../../../kernel/actor-name.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { commandHub } from "../command-hub.ts";
import { mustFindAlert } from "../find-alert.ts";
import { Alert, AlertRef } from "../schemas.ts";
import { alertOf } from "../wire.ts";

export const resolveAlert = defineOperation({
  action: "alerts.alert.resolve",
  effect: "write",
  scope: "alerts:write",
  summary: "End an alert by hand, until its sender says that it fires again",
  input: z.strictObject({ ...AlertRef.shape, note: z.string().max(2000).optional() }),
  output: Alert,
  raises: ["not_found", "conflict"],
  resource: ({ fingerprint }) => `alert:${fingerprint}`,
  async run(ctx, { fingerprint, note }) {
    await mustFindAlert(ctx, fingerprint);
    const command = {
      type: "resolve" as const,
      fingerprint,
      by: actorName(ctx.actor),
      ...(note === undefined ? {} : { note }),
    };
    await commandHub(ctx, command, {
      entity: `alert:${fingerprint}`,
      after: { status: "resolved", note: note ?? null },
    });
    return alertOf(await mustFindAlert(ctx, fingerprint));
  },
});
