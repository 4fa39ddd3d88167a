import { defineOperation } from "../../../kernel/operation.ts";
import { deleteEntry } from "../entries/save-entry.ts";
import { EntryRef, savedOf } from "../entries/schemas.ts";
import { SavedPolicy } from "./schemas.ts";

export const deletePolicy = defineOperation({
  action: "alerts.escalation_policy.delete",
  effect: "write",
  scope: "alerts:write",
  summary: "Delete an escalation policy that no route names; answers what it was",
  input: EntryRef,
  output: SavedPolicy,
  raises: ["not_found", "conflict", "precondition_failed"],
  resource: ({ id }) => `escalation_policy:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id }) {
    return savedOf(await deleteEntry(ctx, "policy", id));
  },
});
