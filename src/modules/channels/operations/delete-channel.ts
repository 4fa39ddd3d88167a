import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { mustFindChannel } from "../find-channel.ts";
import { Channel, ChannelRef, channelOf } from "../schemas.ts";
import { deleteChannelRow } from "../store.ts";

export const deleteChannel = defineOperation({
  action: "channels.channel.delete",
  effect: "write",
  scope: "channels:write",
  summary: "Delete a channel; answers what it was. What was to go to it becomes a dead letter",
  input: ChannelRef,
  output: Channel,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed"],
  resource: ({ id }) => `channel:${id}`,
  version: (channel) => channel.version,
  async run(ctx, { id }) {
    const row = await mustFindChannel(ctx, id);
    mustChangeWithin(ctx.actor, row.projectId);
    expectVersion(ctx, row.version);
    const before = channelOf(row);
    await ctx.write(
      { entity: `channel:${id}`, before, ...(row.projectId === null ? {} : { projectId: row.projectId }) },
      (q) => deleteChannelRow(q, row),
    );
    return before;
  },
});
