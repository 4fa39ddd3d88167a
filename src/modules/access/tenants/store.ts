import { eq } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../../db/db.ts";
import { replaceRow } from "../../../db/races.ts";
import { accessTables } from "../tables.ts";

export type TenantRow = typeof accessTables.sqlite.tenants.$inferSelect;

export async function findTenant(db: ReadDb, tenantId: string): Promise<TenantRow | undefined> {
  const { tenants } = accessTables.of(db);
  const [row] = await db.select().from(tenants).where(eq(tenants.tenantId, tenantId));
  return row;
}

/** The one reading across tenants: sign-in and bootstrap know the tenant by its slug only. */
export async function findTenantBySlug(db: ReadDb, slug: string): Promise<TenantRow | undefined> {
  const { tenants } = accessTables.of(db);
  const [row] = await db.select().from(tenants).where(eq(tenants.slug, slug));
  return row;
}

export function insertTenant(q: WriteDb, row: TenantRow): Statement {
  return q.insert(accessTables.of(q).tenants).values(row);
}

/** Replaces the version before this one, or loses the race. */
export function replaceTenant(q: WriteDb, { tenantId, ...row }: TenantRow): readonly Statement[] {
  const { tenants } = accessTables.of(q);
  return replaceRow(q, tenants, eq(tenants.tenantId, tenantId), row.version - 1, row);
}

/** The ids of the deployment's tenants, for work that the platform does by itself. */
export async function listTenants(db: ReadDb, limit: number): Promise<string[]> {
  const { tenants } = accessTables.of(db);
  const rows = await db.select({ id: tenants.tenantId }).from(tenants).orderBy(tenants.tenantId).limit(limit);
  return rows.map(({ id }) => id);
}
