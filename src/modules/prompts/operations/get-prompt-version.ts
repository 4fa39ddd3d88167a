import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindPrompt, mustFindVersion } from "../find-prompt.ts";
import { PromptVersion, PromptVersionRef } from "../schemas.ts";
import { promptVersionOf } from "../wire.ts";

export const getPromptVersion = defineOperation({
  action: "prompts.version.get",
  effect: "read",
  scope: "registry:read",
  summary: "Read one version of a prompt",
  input: PromptVersionRef,
  output: PromptVersion,
  raises: ["not_found"],
  resource: ({ id, version }) => `prompt:${id}@${version}`,
  async run(ctx, { id, version }) {
    const prompt = await mustFindPrompt(ctx, { id });
    return promptVersionOf(await mustFindVersion(ctx, prompt, version));
  },
});
