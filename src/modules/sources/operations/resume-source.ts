import { defineOperation } from "../../../kernel/operation.ts";
import { changeSource } from "../change-source.ts";
import { Source, SourceRef } from "../schemas.ts";

export const resumeSource = defineOperation({
  action: "sources.source.resume",
  effect: "write",
  scope: "sources:write",
  summary: "Let a paused source take events again",
  input: SourceRef,
  output: Source,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed"],
  resource: ({ id }) => `source:${id}`,
  version: (source) => source.version,
  run: (ctx, { id }) => changeSource(ctx, id, () => ({ status: "active" })),
});
