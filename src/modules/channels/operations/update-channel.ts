import { actorName } from "../../../kernel/actor-name.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { changeChannel } from "../change-channel.ts";
import { Channel, UpdateChannel } from "../schemas.ts";

export const updateChannel = defineOperation({
  action: "channels.channel.update",
  effect: "write",
  scope: "channels:write",
  summary: "Change a channel, or switch it off and on",
  input: UpdateChannel,
  output: Channel,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed"],
  resource: ({ id }) => `channel:${id}`,
  version: (channel) => channel.version,
  run(ctx, { id, enabled, ...given }) {
    const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const by = `Switched off by ${actorName(ctx.actor)}.`;
    const state =
      enabled === undefined
        ? {}
        : enabled
          ? { disabledAt: null, disabledReason: null }
          : { disabledAt: ctx.now, disabledReason: by };
    return changeChannel(ctx, id, { ...changes, ...state });
  },
});
