import { Team } from "../../../../contracts/on-call.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { checkNames } from "../entries/check-names.ts";
import { mustFindEntry, saveEntry } from "../entries/save-entry.ts";
import { EntryRef, savedOf } from "../entries/schemas.ts";
import { namesInTeam, SavedTeam } from "./schemas.ts";

export const updateTeam = defineOperation({
  action: "alerts.team.update",
  effect: "write",
  scope: "alerts:write",
  summary: "Replace the name and the members of a team",
  input: Team.safeExtend(EntryRef.shape),
  output: SavedTeam,
  raises: ["not_found", "precondition_failed"],
  resource: ({ id }) => `team:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id, ...draft }) {
    const before = await mustFindEntry(ctx, "team", id);
    await checkNames(ctx, namesInTeam(draft));
    return savedOf(await saveEntry(ctx, "team", id, draft, before));
  },
});
