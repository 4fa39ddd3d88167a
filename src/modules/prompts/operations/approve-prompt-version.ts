import { defineOperation } from "../../../kernel/operation.ts";
import { moverOf } from "../../../kernel/versioning/lifecycle.rules.ts";
import { approveVersion } from "../prompt-status.rules.ts";
import { PromptVersion, PromptVersionRef } from "../schemas.ts";
import { moveVersion } from "./move-version.ts";

export const approvePromptVersion = defineOperation({
  action: "prompts.version.approve",
  effect: "write",
  scope: "registry:approve",
  summary: "Approve a draft that somebody else wrote",
  input: PromptVersionRef,
  output: PromptVersion,
  raises: ["not_found", "conflict", "forbidden"],
  resource: ({ id, version }) => `prompt:${id}@${version}`,
  run: (ctx, ref) => moveVersion(ctx, ref, (version) => approveVersion(version, moverOf(ctx.actor), ctx.now)),
});
