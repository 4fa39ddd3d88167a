import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, PageQuery, pageOf, toPage } from "../../../kernel/page.ts";
import { reaches } from "../../../kernel/project-reach.ts";
import { Source, sourceOf } from "../schemas.ts";
import { listSourceRows } from "../store.ts";

export const listSources = defineOperation({
  action: "sources.source.list",
  effect: "read",
  scope: "sources:read",
  summary: "List sources, newest first",
  input: PageQuery,
  output: pageOf(Source),
  raises: [],
  async run(ctx, { limit, cursor }) {
    const rows = await listSourceRows(ctx.db, ctx.tenantId, limit + 1, decodeCursor(cursor));
    const page = toPage(
      rows,
      limit,
      (row) => ({ at: row.createdAt, id: row.id }),
      (row) => row,
    );
    return { ...page, items: page.items.filter((row) => reaches(ctx.actor, row.projectId)).map(sourceOf) };
  },
});
