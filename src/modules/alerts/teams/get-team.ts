import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindEntry } from "../entries/save-entry.ts";
import { EntryRef, savedOf } from "../entries/schemas.ts";
import { SavedTeam } from "./schemas.ts";

export const getTeam = defineOperation({
  action: "alerts.team.get",
  effect: "read",
  scope: "alerts:read",
  summary: "Read a team",
  input: EntryRef,
  output: SavedTeam,
  raises: ["not_found"],
  resource: ({ id }) => `team:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id }) {
    return savedOf(await mustFindEntry(ctx, "team", id));
  },
});
