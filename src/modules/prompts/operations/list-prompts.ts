import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, toPage } from "../../../kernel/page.ts";
import { ListPrompts, PromptPage } from "../schemas.ts";
import { listPrompts as listRows } from "../store.ts";
import { promptOf } from "../wire.ts";

export const listPrompts = defineOperation({
  action: "prompts.prompt.list",
  effect: "read",
  scope: "registry:read",
  summary: "List prompts, newest first",
  input: ListPrompts,
  output: PromptPage,
  raises: [],
  async run(ctx, { limit, cursor, name, projectId }) {
    const filter = { name, projectId, within: ctx.actor.projectIds };
    const rows = await listRows(ctx.db, ctx.tenantId, filter, decodeCursor(cursor), limit + 1);
    return toPage(rows, limit, (row) => ({ at: row.createdAt, id: row.id }), promptOf);
  },
});
