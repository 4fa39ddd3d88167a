import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { problem } from "../../../kernel/problem.ts";
import { mustFindEntry } from "../entries/save-entry.ts";
import { EntryRef } from "../entries/schemas.ts";
import { OnCallPreview, onCallOf } from "./schemas.ts";
import { timeline, whoIsOnCall } from "./who-is-on-call.rules.ts";

const weekMs = 7 * 86_400_000;
const longestMs = 93 * 86_400_000;
const mostShown = 500;

export const getOnCall = defineOperation({
  action: "alerts.on_call.get",
  effect: "read",
  scope: "alerts:read",
  summary:
    "Say who is on call now or at an instant, by what, and who is next, for a week or until another instant",
  input: z.strictObject({
    ...EntryRef.shape,
    at: z.iso.datetime({ offset: true }).optional(),
    until: z.iso.datetime({ offset: true }).optional(),
  }),
  output: OnCallPreview,
  raises: ["not_found"],
  resource: ({ id }) => `on_call_schedule:${id}`,
  async run(ctx, { id, at, until }) {
    const { body } = await mustFindEntry(ctx, "schedule", id);
    const from = at === undefined ? ctx.now.getTime() : Date.parse(at);
    const end = until === undefined ? from + weekMs : Date.parse(until);
    if (end <= from || end - from > longestMs) {
      const message = "A preview ends after it begins, within 93 days.";
      throw problem("invalid_input", "alerts.bad_preview", message, {
        errors: [{ pointer: "/query/until", code: "out_of_range", message }],
      });
    }
    const shifts = timeline(body, from, end).slice(0, mostShown);
    return {
      scheduleId: id,
      at: new Date(from).toISOString(),
      now: onCallOf(whoIsOnCall(body, from)),
      shifts: shifts.map((shift) => ({
        from: new Date(shift.from).toISOString(),
        until: new Date(shift.until).toISOString(),
        onCall: onCallOf(shift.onCall),
      })),
    };
  },
});
