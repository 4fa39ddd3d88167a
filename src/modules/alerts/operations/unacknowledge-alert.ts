import { actorName } from "../../../kernel/actor-name.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { commandHub } from "../command-hub.ts";
import { mustFindAlert } from "../find-alert.ts";
import { Alert, AlertRef } from "../schemas.ts";
import { alertOf } from "../wire.ts";

export const unacknowledgeAlert = defineOperation({
  action: "alerts.alert.unacknowledge",
  effect: "write",
  scope: "alerts:write",
  summary: "Withdraw an acknowledgement",
  input: AlertRef,
  output: Alert,
  raises: ["not_found", "conflict"],
  resource: ({ fingerprint }) => `alert:${fingerprint}`,
  async run(ctx, { fingerprint }) {
    await mustFindAlert(ctx, fingerprint);
    const change = {
      entity: `alert:${fingerprint}`,
      before: { acknowledged: true },
      after: { acknowledged: false },
    };
    await commandHub(ctx, { type: "unacknowledge", fingerprint, by: actorName(ctx.actor) }, change);
    return alertOf(await mustFindAlert(ctx, fingerprint));
  },
});
