import { actorName } from "../../../kernel/actor-name.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { commandHub } from "../command-hub.ts";
import { NewSilence, SavedSilence } from "../schemas.ts";
import { silenceOf } from "../wire.ts";

export const createSilence = defineOperation({
  action: "alerts.silence.create",
  effect: "write",
  scope: "alerts:write",
  summary: "Mute the alerts that matchers match, for a time and for a reason",
  input: NewSilence,
  output: SavedSilence,
  raises: ["limit_reached"],
  async run(ctx, { startsAt, endsAt, untilResolved, ...rest }) {
    const id = ctx.newId("sil");
    const silence = {
      ...rest,
      startsAt: startsAt === undefined ? ctx.now.getTime() : Date.parse(startsAt),
      endsAt: Date.parse(endsAt),
      ...(untilResolved === undefined ? {} : { untilResolved }),
    };
    await commandHub(
      ctx,
      { type: "put_silence", id, silence, by: actorName(ctx.actor) },
      { entity: `silence:${id}`, after: { id, ...silence } },
    );
    const saved = (await ctx.ports.alerts.silences(ctx.tenantId)).find((one) => one.id === id);
    if (saved === undefined)
      throw problem("conflict", "alerts.silence_expired", "The silence has expired already.");
    return silenceOf(saved);
  },
});
