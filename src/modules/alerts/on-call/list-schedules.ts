import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { savedOf } from "../entries/schemas.ts";
import { SavedSchedule } from "./schemas.ts";

export const listSchedules = defineOperation({
  action: "alerts.on_call_schedule.list",
  effect: "read",
  scope: "alerts:read",
  summary: "List on-call schedules",
  input: z.strictObject({}),
  output: z.strictObject({ schedules: z.array(SavedSchedule) }),
  raises: [],
  async run(ctx) {
    return { schedules: (await ctx.ports.alerts.entries(ctx.tenantId, "schedule")).map(savedOf) };
  },
});
