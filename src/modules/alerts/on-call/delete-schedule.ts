import { defineOperation } from "../../../kernel/operation.ts";
import { deleteEntry } from "../entries/save-entry.ts";
import { EntryRef, savedOf } from "../entries/schemas.ts";
import { SavedSchedule } from "./schemas.ts";

export const deleteSchedule = defineOperation({
  action: "alerts.on_call_schedule.delete",
  effect: "write",
  scope: "alerts:write",
  summary: "Delete an on-call schedule that no policy names; answers what it was",
  input: EntryRef,
  output: SavedSchedule,
  raises: ["not_found", "conflict", "precondition_failed"],
  resource: ({ id }) => `on_call_schedule:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id }) {
    return savedOf(await deleteEntry(ctx, "schedule", id));
  },
});
