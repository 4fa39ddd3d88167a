import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindAlert } from "../find-alert.ts";
import { AlertInDetail, AlertRef } from "../schemas.ts";
import { alertInDetailOf } from "../wire.ts";

export const getAlert = defineOperation({
  action: "alerts.alert.get",
  effect: "read",
  scope: "alerts:read",
  summary: "Read an alert with what happened to it, the latest first",
  input: AlertRef,
  output: AlertInDetail,
  raises: ["not_found"],
  resource: ({ fingerprint }) => `alert:${fingerprint}`,
  async run(ctx, { fingerprint }) {
    return alertInDetailOf(await mustFindAlert(ctx, fingerprint));
  },
});
