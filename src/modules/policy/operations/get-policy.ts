import { defineOperation } from "../../../kernel/operation.ts";
import { findPolicy } from "../find-policy.ts";
import { GetPolicy, Policy } from "../schemas.ts";

export const getPolicy = defineOperation({
  action: "policy.policy.get",
  effect: "read",
  scope: "policy:read",
  summary: "Read the usage policy of the tenant",
  input: GetPolicy,
  output: Policy,
  raises: [],
  version: (policy) => policy.version,
  run: (ctx) => findPolicy(ctx),
});
