import type { Ctx } from "../../kernel/context.ts";
import { expectVersion } from "../../kernel/operation.ts";
import { mustChangeWithin } from "../../kernel/project-reach.ts";
import { checkChannel } from "./check-channel.ts";
import { mustFindChannel } from "./find-channel.ts";
import { type Channel, channelOf } from "./schemas.ts";
import { replaceChannel } from "./store.ts";
import type { ChannelRow } from "./tables.ts";

/** Replaces a channel by what `change` makes of it, with the event; the caller's version must be the one that stands. */
export async function changeChannel(ctx: Ctx, id: string, change: Partial<ChannelRow>): Promise<Channel> {
  const before = await mustFindChannel(ctx, id);
  mustChangeWithin(ctx.actor, before.projectId);
  expectVersion(ctx, before.version);
  const merged = { ...before, ...change };
  const row: ChannelRow = {
    ...merged,
    kind: merged.config.kind,
    updatedAt: ctx.now,
    version: before.version + 1,
    writeId: ctx.newId("wr"),
  };
  checkChannel(ctx, row.config, row.templates);
  const saved = channelOf(row);
  await ctx.write(
    {
      entity: `channel:${id}`,
      before: channelOf(before),
      after: saved,
      ...(before.projectId === null ? {} : { projectId: before.projectId }),
    },
    (q) => replaceChannel(q, row, before.version),
  );
  return saved;
}
