import * as z from "zod";
import { Team } from "../../../../contracts/on-call.ts";
import type { NamedAt } from "../entries/check-names.ts";
import { entryFields } from "../entries/schemas.ts";

export const SavedTeam = z.strictObject({ ...Team.shape, ...entryFields }).meta({ id: "SavedTeam" });

/** The users that a team names. */
export function namesInTeam({ members }: Pick<Team, "members">): NamedAt[] {
  return members.map((id, index) => ({ kind: "user", id, pointer: `/members/${index}` }));
}
