import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { mustFindEntry, saveEntry } from "../entries/save-entry.ts";
import { savedOf } from "../entries/schemas.ts";
import { OverrideRef, SavedSchedule } from "./schemas.ts";

export const endOverride = defineOperation({
  action: "alerts.on_call_override.end",
  effect: "write",
  scope: "alerts:write",
  summary: "End an override now; one that has not begun is taken out",
  input: OverrideRef,
  output: SavedSchedule,
  raises: ["not_found", "conflict", "precondition_failed"],
  resource: ({ id }) => `on_call_schedule:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id, overrideId }) {
    const before = await mustFindEntry(ctx, "schedule", id);
    const found = before.body.overrides.find((one) => one.id === overrideId);
    if (found === undefined)
      throw problem("not_found", "alerts.unknown_override", `There is no override ${overrideId}.`);
    const now = ctx.now.getTime();
    if (Date.parse(found.until) <= now)
      throw problem("conflict", "alerts.override_over", "The override is over already.");
    const hasBegun = Date.parse(found.from) < now;
    const overrides = before.body.overrides.flatMap((one) => {
      if (one.id !== overrideId) return [one];
      return hasBegun ? [{ ...one, until: ctx.now.toISOString() }] : [];
    });
    const body = { ...before.body, overrides };
    return savedOf(await saveEntry(ctx, "schedule", id, body, before, ctx.expectedVersion ?? before.version));
  },
});
