import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { formatOf } from "../compose-message.rules.ts";
import { mustFindChannel } from "../find-channel.ts";
import { ChannelMessage, PreviewChannel } from "../schemas.ts";
import { type MessageTemplates, previewMessage } from "../templates/write-message.rules.ts";

export const previewChannel = defineOperation({
  action: "channels.channel.preview",
  effect: "read",
  scope: "channels:read",
  summary: "Show a sample message as the channel would write it, with its templates or others",
  input: PreviewChannel,
  output: ChannelMessage,
  raises: ["not_found"],
  resource: ({ id }) => `channel:${id}`,
  async run(ctx, { id, kind, templates }) {
    const channel = await mustFindChannel(ctx, id);
    const tried = (templates as MessageTemplates | undefined) ?? channel.templates;
    const around = { locale: channel.locale, zone: channel.zone, now: ctx.now.getTime() };
    const preview = previewMessage(kind, tried, formatOf[channel.kind], around);
    if ("message" in preview) return { ...preview.message, missing: [...preview.message.missing] };
    throw problem("invalid_input", "channels.templates", preview.problems[0]?.message ?? "", {
      errors: preview.problems,
    });
  },
});
