import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { refused } from "../problems.ts";
import { mustFindTenant } from "./get-tenant.ts";
import { Me } from "./schemas.ts";

export const getMe = defineOperation({
  action: "access.me.get",
  effect: "read",
  scope: "signed_in",
  summary: "Tell who the caller is and what they may do",
  input: z.strictObject({}),
  output: Me,
  raises: ["not_found"],
  async run(ctx) {
    const { kind, id, role, grants, projectIds } = ctx.actor;
    if (kind === "anonymous") throw refused("credentials_missing", "Send an API key or an access token.");
    const tenant = await mustFindTenant(ctx, ctx.tenantId);
    return {
      actor: { kind, id, role: role ?? null },
      tenant: { id: tenant.tenantId, slug: tenant.slug, name: tenant.name },
      grants: [...grants],
      projectIds: projectIds ? [...projectIds] : null,
    };
  },
});
