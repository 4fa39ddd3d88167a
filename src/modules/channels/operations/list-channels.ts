import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, PageQuery, pageOf, toPage } from "../../../kernel/page.ts";
import { reaches } from "../../../kernel/project-reach.ts";
import { Channel, channelOf } from "../schemas.ts";
import { listChannelRows } from "../store.ts";

export const listChannels = defineOperation({
  action: "channels.channel.list",
  effect: "read",
  scope: "channels:read",
  summary: "List channels, newest first",
  input: PageQuery,
  output: pageOf(Channel),
  raises: [],
  async run(ctx, { limit, cursor }) {
    const rows = await listChannelRows(ctx.db, ctx.tenantId, limit + 1, decodeCursor(cursor));
    const page = toPage(
      rows,
      limit,
      (row) => ({ at: row.createdAt, id: row.id }),
      (row) => row,
    );
    return { ...page, items: page.items.filter((row) => reaches(ctx.actor, row.projectId)).map(channelOf) };
  },
});
