import { defineOperation } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { limitsChanged } from "../events.ts";
import { mustFindProfileRow, profileOf } from "../find-profile.ts";
import { Profile, ProfileRef } from "../schemas.ts";

export const resumeProfile = defineOperation({
  action: "profiles.profile.resume",
  effect: "write",
  scope: "registry:write",
  summary: "Let jobs ask a profile's provider again, which was paused for credentials, credit or a model",
  input: ProfileRef,
  output: Profile,
  raises: ["not_found", "forbidden"],
  resource: ({ name }) => `profile:${name}`,
  async run(ctx, { name }) {
    mustChangeWithin(ctx.actor, null);
    const profile = profileOf(await mustFindProfileRow(ctx, name));
    await ctx.write({ entity: `profile:${name}`, before: profile, after: profile }, () => [], [
      limitsChanged(name),
    ]);
    return profile;
  },
});
