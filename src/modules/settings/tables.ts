import { defineTables } from "../../db/define-tables.ts";

/** A value that the tenant published, and who did. */
export interface PublishedValue {
  readonly value: boolean | number;
  readonly by: string;
  readonly at: string;
}

export const settingTables = defineTables((k) => ({
  /** One row a tenant: what it published, by the name of the setting. */
  settings: k.table("settings", {
    tenantId: k.text("tenant_id").primaryKey(),
    published: k.json<Readonly<Record<string, PublishedValue>>>("published").notNull(),
    updatedAt: k.time("updated_at").notNull(),
    version: k.int("version").notNull(),
    writeId: k.text("write_id").notNull(),
  }),
}));

export type SettingsRow = typeof settingTables.sqlite.settings.$inferSelect;
