import { actorName } from "../../../kernel/actor-name.ts";
import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { policyChanged } from "../events.ts";
import { findPolicy, policyOf } from "../find-policy.ts";
import { Policy, PutPolicy } from "../schemas.ts";
import { insertPolicy, replacePolicy } from "../store.ts";
import type { PolicyRow } from "../tables.ts";

export const putPolicy = defineOperation({
  action: "policy.policy.update",
  effect: "write",
  scope: "policy:write",
  summary: "Replace the usage policy of the tenant",
  input: PutPolicy,
  output: Policy,
  raises: ["conflict", "precondition_failed", "forbidden"],
  resource: () => "policy:usage",
  version: (policy) => policy.version,
  async run(ctx, policy) {
    mustChangeWithin(ctx.actor, null);
    const before = await findPolicy(ctx);
    expectVersion(ctx, before.version);
    const row: PolicyRow = {
      ...policy,
      tenantId: ctx.tenantId,
      updatedBy: actorName(ctx.actor),
      updatedAt: ctx.now,
      version: before.version + 1,
      writeId: ctx.newId("wr"),
    };
    await ctx.write(
      { entity: "policy:usage", before, after: policyOf(row) },
      (q) => (before.version === 0 ? [insertPolicy(q, row)] : replacePolicy(q, row, before.version)),
      [policyChanged(row)],
    );
    return policyOf(row);
  },
});
