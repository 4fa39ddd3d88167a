import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, toPage } from "../../../kernel/page.ts";
import { eventFilter } from "../event-filter.rules.ts";
import { AuditEventPage, AuditQuery } from "../schemas.ts";
import { listEvents as selectEvents } from "../store.ts";
import { toEvent } from "../to-event.ts";

export const listEvents = defineOperation({
  action: "audit.event.list",
  effect: "read",
  scope: "audit:read",
  summary: "List what was changed, the newest first",
  input: AuditQuery,
  output: AuditEventPage,
  raises: [],
  async run(ctx, { limit, cursor, ...query }) {
    const filter = eventFilter(query, ctx.actor);
    const rows = await selectEvents(ctx.db, ctx.tenantId, filter, decodeCursor(cursor), limit + 1);
    return toPage(rows, limit, ({ at, id }) => ({ at, id }), toEvent);
  },
});
