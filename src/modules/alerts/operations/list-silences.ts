import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { SavedSilence } from "../schemas.ts";
import { silenceOf } from "../wire.ts";

export const listSilences = defineOperation({
  action: "alerts.silence.list",
  effect: "read",
  scope: "alerts:read",
  summary: "List the silences that have not expired, each with how many alerts it mutes now",
  input: z.strictObject({}),
  output: z.strictObject({ silences: z.array(SavedSilence) }).meta({ id: "Silences" }),
  raises: [],
  async run(ctx) {
    return { silences: (await ctx.ports.alerts.silences(ctx.tenantId)).map(silenceOf) };
  },
});
