import { Team } from "../../../../contracts/on-call.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { checkNames } from "../entries/check-names.ts";
import { saveEntry } from "../entries/save-entry.ts";
import { savedOf } from "../entries/schemas.ts";
import { namesInTeam, SavedTeam } from "./schemas.ts";

export const createTeam = defineOperation({
  action: "alerts.team.create",
  effect: "write",
  scope: "alerts:write",
  summary: "Name people who are told together",
  input: Team,
  output: SavedTeam,
  raises: ["limit_reached"],
  version: ({ version }) => version,
  async run(ctx, draft) {
    await checkNames(ctx, namesInTeam(draft));
    return savedOf(await saveEntry(ctx, "team", ctx.newId("team"), draft, null));
  },
});
