import { defineTables } from "../../db/define-tables.ts";
import type { ProfileLimits, ProfileParams, ProfilePrice, ProfileQuirks } from "./schemas.ts";

export const profileTables = defineTables((k) => ({
  modelProfiles: k.table(
    "model_profiles",
    {
      tenantId: k.text("tenant_id").notNull(),
      name: k.text("name").notNull(),
      description: k.text("description").notNull(),
      provider: k.text("provider").notNull(),
      baseUrl: k.text("base_url"),
      model: k.text("model").notNull(),
      embeddingModel: k.text("embedding_model"),
      deployment: k.text("deployment"),
      embeddingDeployment: k.text("embedding_deployment"),
      apiVersion: k.text("api_version"),
      secretName: k.text("secret_name"),
      params: k.json<ProfileParams>("params").notNull(),
      limits: k.json<ProfileLimits>("limits").notNull(),
      prices: k.json<ProfilePrice[]>("prices").notNull(),
      quirks: k.json<ProfileQuirks>("quirks").notNull(),
      createdAt: k.time("created_at").notNull(),
      updatedAt: k.time("updated_at").notNull(),
      updatedBy: k.text("updated_by").notNull(),
      version: k.int("version").notNull(),
      writeId: k.text("write_id").notNull(),
    },
    (t) => [
      k.key({ columns: [t.tenantId, t.name] }),
      k.index("model_profiles_created").on(t.tenantId, t.createdAt, t.name),
    ],
  ),
}));

export type ProfileRow = typeof profileTables.sqlite.modelProfiles.$inferSelect;
