import { defineOperation } from "../../../kernel/operation.ts";
import { decodeNumberCursor, numberPlace, toPage } from "../../../kernel/page.ts";
import { mustFindPrompt } from "../find-prompt.ts";
import { ListPromptVersions, PromptVersionPage } from "../schemas.ts";
import { listPromptVersions as listRows } from "../store.ts";
import { promptVersionOf } from "../wire.ts";

export const listPromptVersions = defineOperation({
  action: "prompts.version.list",
  effect: "read",
  scope: "registry:read",
  summary: "List the versions of a prompt, newest first",
  input: ListPromptVersions,
  output: PromptVersionPage,
  raises: ["not_found"],
  resource: ({ id }) => `prompt:${id}`,
  async run(ctx, { id, status, limit, cursor }) {
    const prompt = await mustFindPrompt(ctx, { id });
    const filter = { status, before: decodeNumberCursor(cursor, prompt.id), limit: limit + 1 };
    const rows = await listRows(ctx.db, ctx.tenantId, prompt.id, filter);
    return toPage(rows, limit, (row) => numberPlace(prompt.id, row.version), promptVersionOf);
  },
});
