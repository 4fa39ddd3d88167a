import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, pageOf, toPage } from "../../../kernel/page.ts";
import { mustFindSource } from "../find-source.ts";
import { SetAside, SetAsideQuery, setAsideOf } from "../schemas.ts";
import { listSetAsideRows } from "../store.ts";

export const listSetAside = defineOperation({
  action: "sources.set_aside.list",
  effect: "read",
  scope: "sources:read",
  summary: "List what a source rejected and what was late, duplicate or oversized, newest first",
  input: SetAsideQuery,
  output: pageOf(SetAside),
  raises: ["not_found"],
  resource: ({ id }) => `source:${id}`,
  async run(ctx, { id, limit, cursor, reason }) {
    await mustFindSource(ctx, id);
    const after = decodeCursor(cursor);
    const rows = await listSetAsideRows(ctx.db, ctx.tenantId, id, { limit: limit + 1, after, reason });
    return toPage(rows, limit, (row) => ({ at: row.at, id: row.id }), setAsideOf);
  },
});
