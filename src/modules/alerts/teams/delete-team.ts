import { defineOperation } from "../../../kernel/operation.ts";
import { deleteEntry } from "../entries/save-entry.ts";
import { EntryRef, savedOf } from "../entries/schemas.ts";
import { SavedTeam } from "./schemas.ts";

export const deleteTeam = defineOperation({
  action: "alerts.team.delete",
  effect: "write",
  scope: "alerts:write",
  summary: "Delete a team that nothing names; answers what it was",
  input: EntryRef,
  output: SavedTeam,
  raises: ["not_found", "conflict", "precondition_failed"],
  resource: ({ id }) => `team:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id }) {
    return savedOf(await deleteEntry(ctx, "team", id));
  },
});
