import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, toPage } from "../../../kernel/page.ts";
import { apiKeyOf, KeyQuery, Keys } from "./schemas.ts";
import { listKeys as listRows } from "./store.ts";

export const listKeys = defineOperation({
  action: "access.key.list",
  effect: "read",
  scope: "keys:read",
  summary: "List API keys, newest first; somebody who is restricted to projects sees their own",
  input: KeyQuery,
  output: Keys,
  raises: [],
  async run(ctx, { limit, cursor, createdBy }) {
    const environment = ctx.ports.tokens.keyEnvironment;
    const rows = await listRows(ctx.db, ctx.tenantId, {
      limit: limit + 1,
      after: decodeCursor(cursor),
      createdBy: ctx.actor.projectIds === undefined ? createdBy : ctx.actor.id,
    });
    return toPage(
      rows,
      limit,
      (row) => ({ at: row.createdAt, id: row.id }),
      (row) => apiKeyOf(row, environment),
    );
  },
});
