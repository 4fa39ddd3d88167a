import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { AlertRef, Explanation } from "../schemas.ts";
import { explanationOf } from "../wire.ts";

export const explainAlert = defineOperation({
  action: "alerts.alert.explain",
  effect: "read",
  scope: "alerts:read",
  summary: "Say why an alert was told or not told, channel by channel, now or at an instant",
  input: z.strictObject({ ...AlertRef.shape, at: z.iso.datetime({ offset: true }).optional() }),
  output: Explanation,
  raises: ["not_found"],
  resource: ({ fingerprint }) => `alert:${fingerprint}`,
  async run(ctx, { fingerprint, at }) {
    const instant = at === undefined ? ctx.now.getTime() : Date.parse(at);
    const found = await ctx.ports.alerts.explain(ctx.tenantId, fingerprint, instant);
    if (found === null) throw problem("not_found", "alerts.unknown", `There is no alert ${fingerprint}.`);
    return explanationOf(found);
  },
});
