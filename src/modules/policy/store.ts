import { eq } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../db/db.ts";
import { replaceRow } from "../../db/races.ts";
import { type PolicyRow, policyTables } from "./tables.ts";

export async function findPolicyRow(db: ReadDb, tenantId: string) {
  const { usagePolicies: t } = policyTables.of(db);
  const [row] = await db.select().from(t).where(eq(t.tenantId, tenantId));
  return row;
}

export function insertPolicy(q: WriteDb, row: PolicyRow): Statement {
  return q.insert(policyTables.of(q).usagePolicies).values(row);
}

/** Replaces a policy whose row is still at `expected`; the whole unit fails as a lost race when it isn't. */
export function replacePolicy(q: WriteDb, row: PolicyRow, expected: number): readonly Statement[] {
  const { usagePolicies: t } = policyTables.of(q);
  const { tenantId, ...rest } = row;
  return replaceRow(q, t, eq(t.tenantId, tenantId), expected, rest);
}
