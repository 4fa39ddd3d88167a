import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { lineChanges } from "../../../kernel/versioning/line-diff.rules.ts";
import { mustFindPrompt, mustFindVersion } from "../find-prompt.ts";
import { PromptVersionRef } from "../schemas.ts";

const PromptDiff = z
  .strictObject({
    from: z.int(),
    to: z.int(),
    variables: z.strictObject({ added: z.array(z.string()), removed: z.array(z.string()) }),
    lines: z.array(z.strictObject({ op: z.enum(["same", "add", "remove"]), text: z.string() })),
  })
  .meta({ id: "PromptDiff" });

export const diffPromptVersions = defineOperation({
  action: "prompts.version.diff",
  effect: "read",
  scope: "registry:read",
  summary: "Show what changed between two versions of a prompt, line by line",
  input: z.strictObject({ ...PromptVersionRef.shape, from: z.coerce.number().int().min(1) }),
  output: PromptDiff,
  raises: ["not_found"],
  resource: ({ id, version }) => `prompt:${id}@${version}`,
  async run(ctx, { id, version, from }) {
    const prompt = await mustFindPrompt(ctx, { id });
    const before = await mustFindVersion(ctx, prompt, from);
    const after = await mustFindVersion(ctx, prompt, version);
    return {
      from,
      to: after.version,
      variables: {
        added: after.variables.filter((name) => !before.variables.includes(name)),
        removed: before.variables.filter((name) => !after.variables.includes(name)),
      },
      lines: lineChanges(before.content, after.content),
    };
  },
});
