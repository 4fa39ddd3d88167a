import { defineOperation } from "../../../kernel/operation.ts";
import { moverOf } from "../../../kernel/versioning/lifecycle.rules.ts";
import { deprecateVersion } from "../prompt-status.rules.ts";
import { PromptVersion, PromptVersionRef } from "../schemas.ts";
import { moveVersion } from "./move-version.ts";

export const deprecatePromptVersion = defineOperation({
  action: "prompts.version.deprecate",
  effect: "write",
  scope: "registry:write",
  summary: "Take a version out of use, for good",
  input: PromptVersionRef,
  output: PromptVersion,
  raises: ["not_found", "conflict", "forbidden"],
  resource: ({ id, version }) => `prompt:${id}@${version}`,
  run: (ctx, ref) =>
    moveVersion(ctx, ref, (version) => deprecateVersion(version, moverOf(ctx.actor), ctx.now)),
});
