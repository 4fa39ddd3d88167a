import { defineOperation } from "../../../kernel/operation.ts";
import { changeSource } from "../change-source.ts";
import { Source, UpdateSource } from "../schemas.ts";

export const updateSource = defineOperation({
  action: "sources.source.update",
  effect: "write",
  scope: "sources:write",
  summary: "Change a source's name, proof, schemas, mapping or limits",
  input: UpdateSource,
  output: Source,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed"],
  resource: ({ id }) => `source:${id}`,
  version: (source) => source.version,
  run: (ctx, { id, ...given }) =>
    changeSource(ctx, id, () =>
      Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ),
});
