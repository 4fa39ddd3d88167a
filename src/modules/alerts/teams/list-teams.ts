import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { savedOf } from "../entries/schemas.ts";
import { SavedTeam } from "./schemas.ts";

export const listTeams = defineOperation({
  action: "alerts.team.list",
  effect: "read",
  scope: "alerts:read",
  summary: "List teams",
  input: z.strictObject({}),
  output: z.strictObject({ teams: z.array(SavedTeam) }),
  raises: [],
  async run(ctx) {
    return { teams: (await ctx.ports.alerts.entries(ctx.tenantId, "team")).map(savedOf) };
  },
});
