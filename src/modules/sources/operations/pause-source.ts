import { defineOperation } from "../../../kernel/operation.ts";
import { changeSource } from "../change-source.ts";
import { Source, SourceRef } from "../schemas.ts";

export const pauseSource = defineOperation({
  action: "sources.source.pause",
  effect: "write",
  scope: "sources:write",
  summary: "Pause a source: senders are asked to come back later (503)",
  input: SourceRef,
  output: Source,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed"],
  resource: ({ id }) => `source:${id}`,
  version: (source) => source.version,
  run: (ctx, { id }) => changeSource(ctx, id, () => ({ status: "paused" })),
});
