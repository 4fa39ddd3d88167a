import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, toPage } from "../../../kernel/page.ts";
import { UserQuery, Users, userOf } from "./schemas.ts";
import { listUsers as listRows } from "./store.ts";

export const listUsers = defineOperation({
  action: "access.user.list",
  effect: "read",
  scope: "admin:users",
  summary: "List the users of the tenant, newest first",
  input: UserQuery,
  output: Users,
  raises: [],
  async run(ctx, { limit, cursor }) {
    const rows = await listRows(ctx.db, ctx.tenantId, { limit: limit + 1, after: decodeCursor(cursor) });
    return toPage(rows, limit, (row) => ({ at: row.createdAt, id: row.id }), userOf);
  },
});
