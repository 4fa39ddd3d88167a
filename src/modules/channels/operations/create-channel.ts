import { actorName } from "../../../kernel/actor-name.ts";
import { orNameTaken } from "../../../kernel/name-taken.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { mustFindProject } from "../../access/index.ts";
import { checkChannel } from "../check-channel.ts";
import { Channel, CreateChannel, channelOf } from "../schemas.ts";
import { insertChannel } from "../store.ts";
import type { ChannelRow } from "../tables.ts";
import type { MessageTemplates } from "../templates/write-message.rules.ts";

export const createChannel = defineOperation({
  action: "channels.channel.create",
  effect: "write",
  scope: "channels:write",
  summary: "Add a channel that notifications go to; what proves us there is named by its secret",
  input: CreateChannel,
  output: Channel,
  raises: ["not_found", "conflict", "forbidden"],
  version: (channel) => channel.version,
  async run(ctx, { projectId = null, ...fields }) {
    mustChangeWithin(ctx.actor, projectId);
    if (projectId !== null) await mustFindProject(ctx, projectId);
    const templates = fields.templates as MessageTemplates;
    checkChannel(ctx, fields.config, templates);
    const row: ChannelRow = {
      ...fields,
      templates,
      id: ctx.newId("chn"),
      tenantId: ctx.tenantId,
      projectId,
      kind: fields.config.kind,
      disabledAt: null,
      disabledReason: null,
      createdBy: actorName(ctx.actor),
      createdAt: ctx.now,
      updatedAt: ctx.now,
      version: 1,
      writeId: ctx.newId("wr"),
    };
    const saved = channelOf(row);
    await orNameTaken(
      ctx.write(
        { entity: `channel:${row.id}`, after: saved, ...(projectId === null ? {} : { projectId }) },
        (q) => [insertChannel(q, row)],
      ),
      { code: "channels.name_taken", noun: "channel", name: row.name, pointer: "/name" },
    );
    return saved;
  },
});
