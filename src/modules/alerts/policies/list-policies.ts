import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { savedOf } from "../entries/schemas.ts";
import { SavedPolicy } from "./schemas.ts";

export const listPolicies = defineOperation({
  action: "alerts.escalation_policy.list",
  effect: "read",
  scope: "alerts:read",
  summary: "List escalation policies",
  input: z.strictObject({}),
  output: z.strictObject({ policies: z.array(SavedPolicy) }),
  raises: [],
  async run(ctx) {
    return { policies: (await ctx.ports.alerts.entries(ctx.tenantId, "policy")).map(savedOf) };
  },
});
