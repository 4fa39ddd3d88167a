import { defineTables } from "../../db/define-tables.ts";
import type { Sealed } from "../../kernel/ports/cipher.ts";

export const secretTables = defineTables((k) => ({
  secrets: k.table(
    "secrets_values",
    {
      tenantId: k.text("tenant_id").notNull(),
      name: k.text("name").notNull(),
      description: k.text("description").notNull(),
      sealed: k.json<Sealed>("sealed").notNull(),
      updatedBy: k.text("updated_by").notNull(),
      lastReadAt: k.time("last_read_at"),
      version: k.int("version").notNull(),
      writeId: k.text("write_id").notNull(),
      createdAt: k.time("created_at").notNull(),
      updatedAt: k.time("updated_at").notNull(),
    },
    (t) => [
      k.key({ columns: [t.tenantId, t.name] }),
      k.index("secrets_values_created").on(t.tenantId, t.createdAt, t.name),
    ],
  ),
}));
