import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { limitsChanged } from "../events.ts";
import { mustFindProfileRow, profileOf } from "../find-profile.ts";
import { Profile, ProfileRef } from "../schemas.ts";
import { deleteProfileRow } from "../store.ts";

export const deleteProfile = defineOperation({
  action: "profiles.profile.delete",
  effect: "write",
  scope: "registry:write",
  summary: "Delete a model profile; answers what it was",
  input: ProfileRef,
  output: Profile,
  raises: ["not_found", "conflict", "precondition_failed", "forbidden"],
  resource: ({ name }) => `profile:${name}`,
  version: (profile) => profile.version,
  async run(ctx, { name }) {
    mustChangeWithin(ctx.actor, null);
    const row = await mustFindProfileRow(ctx, name);
    expectVersion(ctx, row.version);
    await ctx.write({ entity: `profile:${name}`, before: profileOf(row) }, (q) => deleteProfileRow(q, row), [
      limitsChanged(name),
    ]);
    return profileOf(row);
  },
});
