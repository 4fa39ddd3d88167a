import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, toPage } from "../../../kernel/page.ts";
import { SecretQuery, Secrets, secretOf } from "../schemas.ts";
import { listSecrets as listRows } from "../store.ts";

export const listSecrets = defineOperation({
  action: "secrets.secret.list",
  effect: "read",
  scope: "secrets:read",
  summary: "List secrets without their values, newest first",
  input: SecretQuery,
  output: Secrets,
  raises: [],
  async run(ctx, { limit, cursor }) {
    const rows = await listRows(ctx.db, ctx.tenantId, { limit: limit + 1, after: decodeCursor(cursor) });
    return toPage(rows, limit, (row) => ({ at: row.createdAt, id: row.name }), secretOf);
  },
});
