import { actorName } from "../../../kernel/actor-name.ts";
import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { limitsChanged } from "../events.ts";
import { profileOf } from "../find-profile.ts";
import { checkProfile } from "../profile.rules.ts";
import { Profile, PutProfile } from "../schemas.ts";
import { findProfileRow, insertProfile, replaceProfile } from "../store.ts";
import type { ProfileRow } from "../tables.ts";

export const putProfile = defineOperation({
  action: "profiles.profile.put",
  effect: "write",
  scope: "registry:write",
  summary: "Create or replace a model profile",
  input: PutProfile,
  output: Profile,
  raises: ["conflict", "precondition_failed", "forbidden"],
  resource: ({ name }) => `profile:${name}`,
  version: (profile) => profile.version,
  async run(ctx, profile) {
    mustChangeWithin(ctx.actor, null);
    checkProfile(profile);
    if (profile.baseUrl !== null) ctx.ports.egress.mustReach(profile.baseUrl);
    const before = await findProfileRow(ctx.db, ctx.tenantId, profile.name);
    expectVersion(ctx, before?.version ?? 0);
    const row: ProfileRow = {
      ...profile,
      tenantId: ctx.tenantId,
      createdAt: before?.createdAt ?? ctx.now,
      updatedAt: ctx.now,
      updatedBy: actorName(ctx.actor),
      version: (before?.version ?? 0) + 1,
      writeId: ctx.newId("wr"),
    };
    await ctx.write(
      {
        entity: `profile:${profile.name}`,
        ...(before ? { before: profileOf(before) } : {}),
        after: profileOf(row),
      },
      (q) => (before ? replaceProfile(q, row, before.version) : [insertProfile(q, row)]),
      [limitsChanged(profile.name)],
    );
    return profileOf(row);
  },
});
