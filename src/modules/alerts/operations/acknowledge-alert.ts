import * as z from "zod";
import { actorName } from "../../../kernel/actor-name.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { commandHub } from "../command-hub.ts";
import { mustFindAlert } from "../find-alert.ts";
import { Alert, AlertRef } from "../schemas.ts";
import { alertOf } from "../wire.ts";

export const acknowledgeAlert = defineOperation({
  action: "alerts.alert.acknowledge",
  effect: "write",
  scope: "alerts:write",
  summary: "Take care of an alert: it isn't repeated until it ends or the time is over",
  input: z.strictObject({
    ...AlertRef.shape,
    until: z.iso.datetime({ offset: true }).optional(),
    note: z.string().max(2000).optional(),
  }),
  output: Alert,
  raises: ["not_found", "conflict"],
  resource: ({ fingerprint }) => `alert:${fingerprint}`,
  async run(ctx, { fingerprint, until, note }) {
    await mustFindAlert(ctx, fingerprint);
    const untilAt = until === undefined ? null : Date.parse(until);
    const command = {
      type: "acknowledge" as const,
      fingerprint,
      by: actorName(ctx.actor),
      untilAt,
      ...(note === undefined ? {} : { note }),
    };
    await commandHub(ctx, command, {
      entity: `alert:${fingerprint}`,
      after: { acknowledged: true, until: until ?? null, note: note ?? null },
    });
    return alertOf(await mustFindAlert(ctx, fingerprint));
  },
});
