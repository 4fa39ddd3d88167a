import type { Ctx } from "../../../kernel/context.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { unknown } from "../problems.ts";
import { Tenant, TenantId, tenantOf } from "./schemas.ts";
import { findTenant, type TenantRow } from "./store.ts";

export async function mustFindTenant(ctx: Ctx, id: string): Promise<TenantRow> {
  const row = id === ctx.tenantId ? await findTenant(ctx.db, id) : undefined;
  if (row === undefined) throw unknown("tenant", id);
  return row;
}

export const getTenant = defineOperation({
  action: "access.tenant.get",
  effect: "read",
  scope: "signed_in",
  summary: "Read the tenant of the caller",
  input: TenantId,
  output: Tenant,
  raises: ["not_found"],
  resource: ({ id }) => `tenant:${id}`,
  version: ({ version }) => version,
  async run(ctx, { id }) {
    return tenantOf(await mustFindTenant(ctx, id));
  },
});
