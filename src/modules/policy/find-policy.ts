import { UsagePolicy } from "../../../contracts/usage-policy.ts";
import type { Ctx } from "../../kernel/context.ts";
import type { Policy } from "./schemas.ts";
import { findPolicyRow } from "./store.ts";
import type { PolicyRow } from "./tables.ts";

/** A row as it goes over the wire. */
export function policyOf(row: PolicyRow): Policy {
  const { tenantId: _, writeId: __, updatedAt, ...rest } = row;
  return { ...rest, updatedAt: updatedAt.toISOString() };
}

/** The policy that holds for the tenant of a call: the one that was set, else the defaults at version 0. */
export async function findPolicy(ctx: Pick<Ctx, "db" | "tenantId">): Promise<Policy> {
  const row = await findPolicyRow(ctx.db, ctx.tenantId);
  return row ? policyOf(row) : { ...UsagePolicy.parse({}), updatedBy: null, updatedAt: null, version: 0 };
}
