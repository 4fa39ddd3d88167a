import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { mustFindSource } from "../find-source.ts";
import { forgetSource } from "../remembered-sources.ts";
import { Source, SourceRef, sourceOf } from "../schemas.ts";
import { deleteSourceRows } from "../store.ts";

export const deleteSource = defineOperation({
  action: "sources.source.delete",
  effect: "write",
  scope: "sources:write",
  summary: "Close a source's address; answers what it was",
  input: SourceRef,
  output: Source,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed"],
  resource: ({ id }) => `source:${id}`,
  version: (source) => source.version,
  async run(ctx, { id }) {
    const row = await mustFindSource(ctx, id);
    mustChangeWithin(ctx.actor, row.projectId);
    expectVersion(ctx, row.version);
    const before = sourceOf(row);
    await ctx.write(
      { entity: `source:${id}`, before, ...(row.projectId === null ? {} : { projectId: row.projectId }) },
      (q) => deleteSourceRows(q, row),
    );
    forgetSource(id);
    return before;
  },
});
