import * as z from "zod";
import { AlertStatus, type Matcher } from "../../../../contracts/alerts.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { PageQuery, pageOf } from "../../../kernel/page.ts";
import { problem } from "../../../kernel/problem.ts";
import { readMatchers } from "../read-matchers.ts";
import { Alert } from "../schemas.ts";
import { alertOf } from "../wire.ts";

export const listAlerts = defineOperation({
  action: "alerts.alert.list",
  effect: "read",
  scope: "alerts:read",
  summary:
    "List alerts that fire or ended lately, by status, severity, rule or labels, in the order of fingerprints",
  input: z.strictObject({
    ...PageQuery.shape,
    status: AlertStatus.optional(),
    severity: z.string().min(1).max(64).optional(),
    acknowledged: z.enum(["true", "false"]).optional(),
    /** The id of a rule. */
    rule: z.string().min(1).max(128).optional(),
    /** Matchers of labels: `host=~"db-.*",team!="web"`. */
    match: z.string().min(1).max(4000).optional(),
  }),
  output: pageOf(Alert),
  raises: [],
  async run(ctx, { limit, cursor, status, severity, acknowledged, rule, match }) {
    if (cursor !== undefined && !/^[0-9a-f]{64}$/.test(cursor)) {
      throw problem("invalid_input", "page.cursor", "The cursor is not one that this list gave.", {
        errors: [
          { pointer: "/query/cursor", code: "invalid_cursor", message: "Use nextCursor as it was given." },
        ],
      });
    }
    const named: Matcher[] = severity === undefined ? [] : [{ name: "severity", op: "=", value: severity }];
    const filter = {
      matchers: [...named, ...(match === undefined ? [] : readMatchers(match))],
      ...(status === undefined ? {} : { status }),
      ...(acknowledged === undefined ? {} : { acknowledged: acknowledged === "true" }),
      ...(rule === undefined ? {} : { rule }),
    };
    const page = await ctx.ports.alerts.list(ctx.tenantId, filter, cursor ?? "", limit);
    return { items: page.items.map(alertOf), nextCursor: page.after };
  },
});
