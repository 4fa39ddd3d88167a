import * as z from "zod";
import { actorName } from "../../../kernel/actor-name.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { commandHub } from "../command-hub.ts";
import { NewSilence, SavedSilence } from "../schemas.ts";
import { silenceOf } from "../wire.ts";

export const updateSilence = defineOperation({
  action: "alerts.silence.update",
  effect: "write",
  scope: "alerts:write",
  summary: "Change a silence that has not expired: once active, its end, its reason and untilResolved only",
  input: z.strictObject({ id: z.string(), ...NewSilence.partial().shape }),
  output: SavedSilence,
  raises: ["not_found"],
  resource: ({ id }) => `silence:${id}`,
  async run(ctx, { id, matchers, startsAt, endsAt, reason, untilResolved }) {
    const find = async () => (await ctx.ports.alerts.silences(ctx.tenantId)).find((one) => one.id === id);
    const before = await find();
    if (before === undefined)
      throw problem("not_found", "alerts.unknown_silence", `There is no silence ${id} that could change.`);
    const silence = {
      matchers: matchers ?? before.matchers,
      startsAt: startsAt === undefined ? before.startsAt : Date.parse(startsAt),
      endsAt: endsAt === undefined ? before.endsAt : Date.parse(endsAt),
      reason: reason ?? before.reason,
      untilResolved: untilResolved ?? before.untilResolved ?? false,
    };
    await commandHub(
      ctx,
      { type: "put_silence", id, silence, by: actorName(ctx.actor) },
      { entity: `silence:${id}`, before: silenceOf(before), after: { id, ...silence } },
    );
    return silenceOf((await find()) ?? { ...before, ...silence });
  },
});
