import * as z from "zod";
import { actorName } from "../../../kernel/actor-name.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { commandHub } from "../command-hub.ts";
import { SavedSilence } from "../schemas.ts";
import { silenceOf } from "../wire.ts";

export const endSilence = defineOperation({
  action: "alerts.silence.end",
  effect: "write",
  scope: "alerts:write",
  summary: "End a silence before its time; answers what it was",
  input: z.strictObject({ id: z.string() }),
  output: SavedSilence,
  raises: ["not_found", "conflict"],
  resource: ({ id }) => `silence:${id}`,
  async run(ctx, { id }) {
    const found = (await ctx.ports.alerts.silences(ctx.tenantId)).find((silence) => silence.id === id);
    if (found === undefined)
      throw problem("not_found", "alerts.unknown_silence", `There is no silence ${id} that could end.`);
    const before = silenceOf(found);
    await commandHub(
      ctx,
      { type: "end_silence", id, by: actorName(ctx.actor) },
      { entity: `silence:${id}`, before },
    );
    return before;
  },
});
