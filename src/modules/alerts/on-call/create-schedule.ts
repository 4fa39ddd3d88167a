import { OnCallDraft } from "../../../../contracts/on-call.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { checkNames } from "../entries/check-names.ts";
import { saveEntry } from "../entries/save-entry.ts";
import { savedOf } from "../entries/schemas.ts";
import { namesInSchedule, SavedSchedule } from "./schemas.ts";

export const createSchedule = defineOperation({
  action: "alerts.on_call_schedule.create",
  effect: "write",
  scope: "alerts:write",
  summary: "Write down who takes turns on call, in which zone, and who is told when nobody is",
  input: OnCallDraft,
  output: SavedSchedule,
  raises: ["limit_reached"],
  version: ({ version }) => version,
  async run(ctx, draft) {
    await checkNames(ctx, namesInSchedule(draft));
    return savedOf(await saveEntry(ctx, "schedule", ctx.newId("ocs"), { ...draft, overrides: [] }, null));
  },
});
