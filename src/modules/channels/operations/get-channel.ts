import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindChannel } from "../find-channel.ts";
import { Channel, ChannelRef, channelOf } from "../schemas.ts";

export const getChannel = defineOperation({
  action: "channels.channel.get",
  effect: "read",
  scope: "channels:read",
  summary: "Read a channel",
  input: ChannelRef,
  output: Channel,
  raises: ["not_found"],
  resource: ({ id }) => `channel:${id}`,
  version: (channel) => channel.version,
  async run(ctx, { id }) {
    return channelOf(await mustFindChannel(ctx, id));
  },
});
