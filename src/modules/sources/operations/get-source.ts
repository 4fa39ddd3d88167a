import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindSource } from "../find-source.ts";
import { Source, SourceRef, sourceOf } from "../schemas.ts";

export const getSource = defineOperation({
  action: "sources.source.get",
  effect: "read",
  scope: "sources:read",
  summary: "Read a source",
  input: SourceRef,
  output: Source,
  raises: ["not_found"],
  resource: ({ id }) => `source:${id}`,
  version: (source) => source.version,
  async run(ctx, { id }) {
    return sourceOf(await mustFindSource(ctx, id));
  },
});
