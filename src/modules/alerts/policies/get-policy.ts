import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindEntry } from "../entries/save-entry.ts";
import { EntryRef, savedOf } from "../entries/schemas.ts";
import { SavedPolicy } from "./schemas.ts";

export const getPolicy = defineOperation({
  action: "alerts.escalation_policy.get",
  effect: "read",
  scope: "alerts:read",
  summary: "Read an escalation policy",
  input: EntryRef,
  output: SavedPolicy,
  raises: ["not_found"],
  resource: ({ id }) => `escalation_policy:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id }) {
    return savedOf(await mustFindEntry(ctx, "policy", id));
  },
});
