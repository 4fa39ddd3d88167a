import * as z from "zod";
import { actorName } from "../../../kernel/actor-name.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { commandHub } from "../command-hub.ts";
import { mustFindAlert } from "../find-alert.ts";
import { AlertInDetail, AlertRef } from "../schemas.ts";
import { alertInDetailOf } from "../wire.ts";

export const commentAlert = defineOperation({
  action: "alerts.alert.comment",
  effect: "write",
  scope: "alerts:write",
  summary: "Leave a word in the timeline of an alert",
  input: z.strictObject({ ...AlertRef.shape, text: z.string().min(1).max(4000) }),
  output: AlertInDetail,
  raises: ["not_found", "conflict"],
  resource: ({ fingerprint }) => `alert:${fingerprint}`,
  async run(ctx, { fingerprint, text }) {
    await mustFindAlert(ctx, fingerprint);
    await commandHub(
      ctx,
      { type: "comment", fingerprint, by: actorName(ctx.actor), text },
      { entity: `alert:${fingerprint}`, after: { text } },
    );
    return alertInDetailOf(await mustFindAlert(ctx, fingerprint));
  },
});
