import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindPrompt, mustFindVersion } from "../find-prompt.ts";
import { RenderedPrompt, RenderPrompt } from "../schemas.ts";
import { renderTemplate } from "../template.rules.ts";

export const renderPrompt = defineOperation({
  action: "prompts.version.render",
  effect: "read",
  scope: "registry:read",
  summary: "Fill in the variables of a version",
  input: RenderPrompt,
  output: RenderedPrompt,
  raises: ["not_found"],
  resource: ({ id, version }) => `prompt:${id}@${version}`,
  async run(ctx, { id, version, variables }) {
    const prompt = await mustFindPrompt(ctx, { id });
    const row = await mustFindVersion(ctx, prompt, version);
    return {
      promptId: id,
      version,
      checksum: row.checksum,
      text: renderTemplate(row.content, row.variables, variables),
    };
  },
});
