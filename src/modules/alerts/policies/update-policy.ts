import { NamedPolicy } from "../../../../contracts/on-call.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { checkNames } from "../entries/check-names.ts";
import { mustFindEntry, saveEntry } from "../entries/save-entry.ts";
import { EntryRef, savedOf } from "../entries/schemas.ts";
import { namesInPolicy, SavedPolicy } from "./schemas.ts";

export const updatePolicy = defineOperation({
  action: "alerts.escalation_policy.update",
  effect: "write",
  scope: "alerts:write",
  summary: "Replace an escalation policy; escalations that are under way go on by the new one",
  input: NamedPolicy.safeExtend(EntryRef.shape),
  output: SavedPolicy,
  raises: ["not_found", "precondition_failed"],
  resource: ({ id }) => `escalation_policy:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id, ...draft }) {
    const before = await mustFindEntry(ctx, "policy", id);
    await checkNames(ctx, namesInPolicy(draft));
    return savedOf(await saveEntry(ctx, "policy", id, draft, before));
  },
});
