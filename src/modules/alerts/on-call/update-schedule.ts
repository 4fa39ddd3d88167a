import { OnCallDraft } from "../../../../contracts/on-call.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { checkNames } from "../entries/check-names.ts";
import { mustFindEntry, saveEntry } from "../entries/save-entry.ts";
import { EntryRef, savedOf } from "../entries/schemas.ts";
import { namesInSchedule, SavedSchedule } from "./schemas.ts";

export const updateSchedule = defineOperation({
  action: "alerts.on_call_schedule.update",
  effect: "write",
  scope: "alerts:write",
  summary: "Replace an on-call schedule's layers, zone and fallback; overrides stay",
  input: OnCallDraft.safeExtend(EntryRef.shape),
  output: SavedSchedule,
  raises: ["not_found", "precondition_failed"],
  resource: ({ id }) => `on_call_schedule:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id, ...draft }) {
    const before = await mustFindEntry(ctx, "schedule", id);
    await checkNames(ctx, namesInSchedule(draft));
    return savedOf(
      await saveEntry(ctx, "schedule", id, { ...draft, overrides: before.body.overrides }, before),
    );
  },
});
