import { eq } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../db/db.ts";
import { replaceRow } from "../../db/races.ts";
import { type SettingsRow, settingTables } from "./tables.ts";

export async function findSettingsRow(db: ReadDb, tenantId: string): Promise<SettingsRow | undefined> {
  const { settings } = settingTables.of(db);
  const [row] = await db.select().from(settings).where(eq(settings.tenantId, tenantId));
  return row;
}

export function insertSettings(q: WriteDb, row: SettingsRow): Statement {
  return q.insert(settingTables.of(q).settings).values(row);
}

/** Replaces the settings of a tenant that are still at `expected`; the whole unit fails as a lost race otherwise. */
export function replaceSettings(q: WriteDb, row: SettingsRow, expected: number): readonly Statement[] {
  const { settings } = settingTables.of(q);
  const { tenantId, ...rest } = row;
  return replaceRow(q, settings, eq(settings.tenantId, tenantId), expected, rest);
}
