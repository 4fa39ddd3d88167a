import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindEntry } from "../entries/save-entry.ts";
import { EntryRef, savedOf } from "../entries/schemas.ts";
import { SavedSchedule } from "./schemas.ts";

export const getSchedule = defineOperation({
  action: "alerts.on_call_schedule.get",
  effect: "read",
  scope: "alerts:read",
  summary: "Read an on-call schedule with its overrides",
  input: EntryRef,
  output: SavedSchedule,
  raises: ["not_found"],
  resource: ({ id }) => `on_call_schedule:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id }) {
    return savedOf(await mustFindEntry(ctx, "schedule", id));
  },
});
