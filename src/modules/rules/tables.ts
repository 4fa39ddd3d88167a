import type { RuleDefinition } from "../../../contracts/rules.ts";
import { defineTables } from "../../db/define-tables.ts";

export const ruleTables = defineTables((k) => ({
  rules: k.table(
    "rules",
    {
      id: k.text("id").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      projectId: k.text("project_id"),
      name: k.text("name").notNull(),
      description: k.text("description").notNull(),
      latestVersion: k.int("latest_version").notNull(),
      liveVersion: k.int("live_version"),
      shadowVersion: k.int("shadow_version"),
      /** Versions that were live before, the latest last. */
      history: k.json<readonly number[]>("history").notNull(),
      /** What the rule's state belongs to: a new one begins when a change can't carry the state. */
      lineage: k.text("lineage").notNull(),
      /** Grows when the lineage goes on but what windows, patterns and baselines gathered does not. */
      stateEpoch: k.int("state_epoch").notNull(),
      enabled: k.bool("enabled").notNull(),
      createdBy: k.text("created_by").notNull(),
      createdAt: k.time("created_at").notNull(),
      updatedAt: k.time("updated_at").notNull(),
      version: k.int("version").notNull(),
      writeId: k.text("write_id").notNull(),
    },
    (t) => [
      k.unique("rules_name").on(t.tenantId, t.name),
      k.index("rules_created").on(t.tenantId, t.createdAt, t.id),
    ],
  ),
  ruleVersions: k.table(
    "rule_versions",
    {
      tenantId: k.text("tenant_id").notNull(),
      ruleId: k.text("rule_id").notNull(),
      version: k.int("version").notNull(),
      definition: k.json<RuleDefinition>("definition").notNull(),
      checksum: k.text("checksum").notNull(),
      reason: k.text("reason").notNull(),
      status: k.oneOf("status", ["draft", "validated", "shadow", "live", "retired"]).notNull(),
      createdBy: k.text("created_by").notNull(),
      authorId: k.text("author_id").notNull(),
      createdAt: k.time("created_at").notNull(),
      publishedAt: k.time("published_at"),
      writeId: k.text("write_id").notNull(),
    },
    (t) => [k.key({ columns: [t.ruleId, t.version] })],
  ),
}));

export type RuleRow = typeof ruleTables.sqlite.rules.$inferSelect;
export type RuleVersionRow = typeof ruleTables.sqlite.ruleVersions.$inferSelect;
