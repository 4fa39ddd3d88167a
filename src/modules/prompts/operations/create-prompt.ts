import { actorName } from "../../../kernel/actor-name.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { mustFindProject } from "../../access/index.ts";
import { newVersion } from "../new-version.ts";
import { CreatedPrompt, CreatePrompt } from "../schemas.ts";
import { insertPrompt, insertPromptVersion } from "../store.ts";
import type { PromptRow } from "../tables.ts";
import { promptOf, promptVersionFacts, promptVersionOf } from "../wire.ts";

export const createPrompt = defineOperation({
  action: "prompts.prompt.create",
  effect: "write",
  scope: "registry:write",
  summary: "Register a prompt with its first version, a draft",
  input: CreatePrompt,
  output: CreatedPrompt,
  raises: ["not_found", "conflict", "forbidden"],
  version: (prompt) => prompt.version,
  async run(ctx, { name, description, projectId = null, ...text }) {
    mustChangeWithin(ctx.actor, projectId);
    if (projectId !== null) await mustFindProject(ctx, projectId);
    const id = ctx.newId("prm");
    const version = await newVersion(ctx, { promptId: id, version: 1 }, text);
    const prompt: PromptRow = {
      id,
      tenantId: ctx.tenantId,
      projectId,
      name,
      description,
      latestVersion: 1,
      approvedVersion: null,
      createdBy: actorName(ctx.actor),
      createdAt: ctx.now,
      updatedAt: ctx.now,
      version: 1,
      writeId: version.writeId,
    };
    await ctx.write(
      {
        entity: `prompt:${id}`,
        after: { ...promptOf(prompt), current: promptVersionFacts(version) },
        ...(projectId === null ? {} : { projectId }),
      },
      (q) => [insertPrompt(q, prompt), insertPromptVersion(q, version)],
    );
    return { ...promptOf(prompt), current: promptVersionOf(version) };
  },
});
