import { defineTables } from "../../db/define-tables.ts";

export const promptTables = defineTables((k) => ({
  prompts: k.table(
    "prompts",
    {
      id: k.text("id").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      projectId: k.text("project_id"),
      name: k.text("name").notNull(),
      description: k.text("description").notNull(),
      latestVersion: k.int("latest_version").notNull(),
      approvedVersion: k.int("approved_version"),
      createdBy: k.text("created_by").notNull(),
      createdAt: k.time("created_at").notNull(),
      updatedAt: k.time("updated_at").notNull(),
      version: k.int("version").notNull(),
      writeId: k.text("write_id").notNull(),
    },
    (t) => [
      k.unique("prompts_name").on(t.tenantId, t.name),
      k.index("prompts_created").on(t.tenantId, t.createdAt, t.id),
    ],
  ),
  promptVersions: k.table(
    "prompt_versions",
    {
      tenantId: k.text("tenant_id").notNull(),
      promptId: k.text("prompt_id").notNull(),
      version: k.int("version").notNull(),
      content: k.text("content").notNull(),
      variables: k.json<string[]>("variables").notNull(),
      checksum: k.text("checksum").notNull(),
      status: k.oneOf("status", ["draft", "approved", "deprecated"]).notNull(),
      createdBy: k.text("created_by").notNull(),
      /** The person who wrote it, also when they used an API key. */
      authorId: k.text("author_id").notNull(),
      createdAt: k.time("created_at").notNull(),
      approvedBy: k.text("approved_by"),
      approvedAt: k.time("approved_at"),
      deprecatedAt: k.time("deprecated_at"),
      writeId: k.text("write_id").notNull(),
    },
    (t) => [k.key({ columns: [t.promptId, t.version] })],
  ),
}));

export type PromptRow = typeof promptTables.sqlite.prompts.$inferSelect;
export type PromptVersionRow = typeof promptTables.sqlite.promptVersions.$inferSelect;
