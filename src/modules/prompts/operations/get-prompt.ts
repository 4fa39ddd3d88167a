import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindPrompt } from "../find-prompt.ts";
import { Prompt, PromptRef } from "../schemas.ts";
import { promptOf } from "../wire.ts";

export const getPrompt = defineOperation({
  action: "prompts.prompt.get",
  effect: "read",
  scope: "registry:read",
  summary: "Read a prompt",
  input: PromptRef,
  output: Prompt,
  raises: ["not_found"],
  resource: ({ id }) => `prompt:${id}`,
  version: (prompt) => prompt.version,
  run: async (ctx, { id }) => promptOf(await mustFindPrompt(ctx, { id })),
});
