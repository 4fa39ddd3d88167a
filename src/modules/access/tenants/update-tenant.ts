import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { mustFindTenant } from "./get-tenant.ts";
import { Tenant, TenantChanges, tenantOf } from "./schemas.ts";
import { replaceTenant } from "./store.ts";

export const updateTenant = defineOperation({
  action: "access.tenant.update",
  effect: "write",
  scope: "admin:settings",
  summary: "Change the name or the settings of the tenant",
  input: TenantChanges,
  output: Tenant,
  raises: ["not_found", "conflict", "precondition_failed"],
  resource: ({ id }) => `tenant:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id, name, settings }) {
    const row = await mustFindTenant(ctx, id);
    mustChangeWithin(ctx.actor, null);
    expectVersion(ctx, row.version);
    const next = {
      ...row,
      name: name ?? row.name,
      settings: settings ?? row.settings,
      version: row.version + 1,
      writeId: ctx.newId("wr"),
      updatedAt: ctx.now,
    };
    await ctx.write({ entity: `tenant:${id}`, before: tenantOf(row), after: tenantOf(next) }, (q) =>
      replaceTenant(q, next),
    );
    return tenantOf(next);
  },
});
