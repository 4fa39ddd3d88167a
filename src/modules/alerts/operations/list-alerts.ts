import { defineOperation } from "../../../kernel/operation.ts";
import { PageQuery, pageOf } from "../../../kernel/page.ts";
import { problem } from "../../../kernel/problem.ts";
import { Alert } from "../schemas.ts";
import { alertOf } from "../wire.ts";

export const listAlerts = defineOperation({
  action: "alerts.alert.list",
  effect: "read",
  scope: "alerts:read",
  summary: "List alerts that fire or ended lately, in the order of their fingerprints",
  input: PageQuery,
  output: pageOf(Alert),
  raises: [],
  async run(ctx, { limit, cursor }) {
    if (cursor !== undefined && !/^[0-9a-f]{64}$/.test(cursor)) {
      throw problem("invalid_input", "page.cursor", "The cursor is not one that this list gave.", {
        errors: [
          { pointer: "/query/cursor", code: "invalid_cursor", message: "Use nextCursor as it was given." },
        ],
      });
    }
    const page = await ctx.ports.alerts.list(ctx.tenantId, cursor ?? "", limit);
    return { items: page.items.map(alertOf), nextCursor: page.after };
  },
});
