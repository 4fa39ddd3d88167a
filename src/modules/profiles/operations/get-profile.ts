import { defineOperation } from "../../../kernel/operation.ts";
import { mustFindProfile } from "../find-profile.ts";
import { Profile, ProfileRef } from "../schemas.ts";

export const getProfile = defineOperation({
  action: "profiles.profile.get",
  effect: "read",
  scope: "registry:read",
  summary: "Read a model profile",
  input: ProfileRef,
  output: Profile,
  raises: ["not_found"],
  resource: ({ name }) => `profile:${name}`,
  version: (profile) => profile.version,
  run: (ctx, { name }) => mustFindProfile(ctx, name),
});
