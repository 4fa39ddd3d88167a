import * as z from "zod";
import { eventStream, StreamQuery } from "../../../kernel/event-stream.ts";
import { defineOperation, type StreamBody } from "../../../kernel/operation.ts";
import { compileMatchers } from "../matching/matchers.rules.ts";
import { readMatchers } from "../read-matchers.ts";
import { alertChangeOf } from "../wire.ts";

export const streamAlerts = defineOperation({
  action: "alerts.alert.stream",
  effect: "read",
  scope: "alerts:read",
  summary:
    "Follow what happens to alerts live as server-sent events, from now on or after `Last-Event-ID` or `after`",
  input: StreamQuery.extend({
    /** Matchers of labels: `host=~"db-.*",team!="web"`. */
    match: z.string().min(1).max(4000).optional(),
  }),
  output: z.custom<StreamBody>(),
  gives: ["text/event-stream"],
  raises: [],
  async run(ctx, { match, ...query }) {
    const passes = match === undefined ? undefined : compileMatchers(readMatchers(match));
    return eventStream(ctx, query, async (after, waitMs) => {
      const page = await ctx.ports.alerts.changes(ctx.tenantId, after, waitMs);
      const passed = page.items.filter(
        ({ alert }) => passes === undefined || (alert !== null && passes(alert.labels)),
      );
      return {
        events: passed.map((change) => ({ id: change.seq, type: change.type, data: alertChangeOf(change) })),
        seen: page.after,
      };
    });
  },
});
