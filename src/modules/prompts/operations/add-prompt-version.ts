import { defineOperation } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { mustFindPrompt, mustFindVersion } from "../find-prompt.ts";
import { newVersion } from "../new-version.ts";
import { AddPromptVersion, PromptVersion } from "../schemas.ts";
import { insertPromptVersion, replacePrompt } from "../store.ts";
import { promptVersionFacts, promptVersionOf } from "../wire.ts";

export const addPromptVersion = defineOperation({
  action: "prompts.version.create",
  effect: "write",
  scope: "registry:write",
  summary: "Add a draft version to a prompt; the text of the latest version again answers that version",
  input: AddPromptVersion,
  output: PromptVersion,
  raises: ["not_found", "conflict", "forbidden"],
  resource: ({ id }) => `prompt:${id}`,
  async run(ctx, { id, ...text }) {
    const prompt = await mustFindPrompt(ctx, { id });
    mustChangeWithin(ctx.actor, prompt.projectId);
    const latest = await mustFindVersion(ctx, prompt, prompt.latestVersion);
    const version = await newVersion(ctx, { promptId: id, version: prompt.latestVersion + 1 }, text);
    if (latest.status !== "deprecated" && latest.checksum === version.checksum)
      return promptVersionOf(latest);
    const next = {
      ...prompt,
      latestVersion: version.version,
      updatedAt: ctx.now,
      version: prompt.version + 1,
      writeId: version.writeId,
    };
    await ctx.write(
      {
        entity: `prompt:${id}@${version.version}`,
        after: promptVersionFacts(version),
        ...(prompt.projectId === null ? {} : { projectId: prompt.projectId }),
      },
      (q) => [...replacePrompt(q, next, prompt.version), insertPromptVersion(q, version)],
    );
    return promptVersionOf(version);
  },
});
