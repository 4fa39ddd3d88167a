import * as z from "zod";
import { OnCallOverride } from "../../../../contracts/on-call.ts";
import { actorName } from "../../../kernel/actor-name.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { checkNames } from "../entries/check-names.ts";
import { mustFindEntry, saveEntry } from "../entries/save-entry.ts";
import { EntryRef, savedOf } from "../entries/schemas.ts";
import { SavedSchedule } from "./schemas.ts";

const most = 500;
const keptMs = 90 * 86_400_000;

export const createOverride = defineOperation({
  action: "alerts.on_call_override.create",
  effect: "write",
  scope: "alerts:write",
  summary: "Let somebody stand in from one instant up to another; a later override beats an earlier one",
  input: z.strictObject({ ...EntryRef.shape, ...OnCallOverride.shape }),
  output: SavedSchedule,
  raises: ["not_found", "limit_reached", "precondition_failed"],
  resource: ({ id }) => `on_call_schedule:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id, userId, from, until }) {
    const before = await mustFindEntry(ctx, "schedule", id);
    await checkNames(ctx, [{ kind: "user", id: userId, pointer: "/userId" }]);
    const now = ctx.now.getTime();
    const wrong = Date.parse(until) <= Date.parse(from) ? "end after it starts" : "end in the future";
    if (Date.parse(until) <= Math.max(now, Date.parse(from))) {
      const message = `An override must ${wrong}.`;
      throw problem("invalid_input", "alerts.bad_override", message, {
        errors: [{ pointer: "/until", code: "out_of_range", message }],
      });
    }
    const kept = before.body.overrides.filter((one) => Date.parse(one.until) > now - keptMs);
    if (kept.length >= most) {
      const detail = `${most} overrides are the limit of a schedule. End some, or write a layer.`;
      throw problem("limit_reached", "alerts.too_many_overrides", detail);
    }
    const override = { id: ctx.newId("ovr"), userId, from, until, createdBy: actorName(ctx.actor) };
    const body = { ...before.body, overrides: [...kept, override] };
    return savedOf(await saveEntry(ctx, "schedule", id, body, before, ctx.expectedVersion ?? before.version));
  },
});
