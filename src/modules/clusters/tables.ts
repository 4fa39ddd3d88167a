import { defineTables } from "../../db/define-tables.ts";
import type { Sealed } from "../../kernel/ports/cipher.ts";

export const clusterTables = defineTables((k) => ({
  clusters: k.table(
    "clusters",
    {
      id: k.text("id").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      name: k.text("name").notNull(),
      description: k.text("description").notNull(),
      /** The namespaces of the cluster that this tenant may use; null for all. */
      namespaces: k.json<readonly string[]>("namespaces"),
      createdBy: k.text("created_by").notNull(),
      createdAt: k.time("created_at").notNull(),
      updatedAt: k.time("updated_at").notNull(),
      version: k.int("version").notNull(),
      writeId: k.text("write_id").notNull(),
    },
    (t) => [
      k.unique("clusters_name").on(t.tenantId, t.name),
      k.index("clusters_created").on(t.tenantId, t.createdAt, t.id),
    ],
  ),
  /** Which project a namespace of a cluster belongs to. One that isn't here is the whole tenant's. */
  clusterNamespaces: k.table(
    "clusters_namespaces",
    {
      tenantId: k.text("tenant_id").notNull(),
      clusterId: k.text("cluster_id").notNull(),
      namespace: k.text("namespace").notNull(),
      projectId: k.text("project_id").notNull(),
      createdBy: k.text("created_by").notNull(),
      createdAt: k.time("created_at").notNull(),
      writeId: k.text("write_id").notNull(),
    },
    (t) => [
      k.key({ columns: [t.tenantId, t.clusterId, t.namespace] }),
      k.index("clusters_namespaces_project").on(t.tenantId, t.projectId),
    ],
  ),
  clusterAgents: k.table(
    "clusters_agents",
    {
      id: k.text("id").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      clusterId: k.text("cluster_id").notNull(),
      name: k.text("name").notNull(),
      status: k.oneOf("status", ["active", "revoked"]).notNull(),
      /** Raw Ed25519 public key, base64url. */
      publicKey: k.text("public_key").notNull(),
      /** Its key before the last rotation, accepted until then: the agent may not have heard that the new one is known. */
      formerKey: k.text("former_key"),
      formerKeyUntil: k.time("former_key_until"),
      keyMadeAt: k.time("key_made_at").notNull(),
      softwareVersion: k.text("software_version").notNull(),
      platform: k.text("platform").notNull(),
      hostname: k.text("hostname").notNull(),
      enrolmentId: k.text("enrolment_id").notNull(),
      createdAt: k.time("created_at").notNull(),
      revokedAt: k.time("revoked_at"),
      revokedBy: k.text("revoked_by"),
      version: k.int("version").notNull(),
      writeId: k.text("write_id").notNull(),
    },
    (t) => [k.index("clusters_agents_created").on(t.tenantId, t.clusterId, t.createdAt, t.id)],
  ),
  /** One-time tokens that make a key an agent; only their hashes are kept. */
  clusterEnrolments: k.table(
    "clusters_enrolments",
    {
      id: k.text("id").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      clusterId: k.text("cluster_id").notNull(),
      hash: k.text("hash").notNull(),
      createdBy: k.text("created_by").notNull(),
      createdAt: k.time("created_at").notNull(),
      expiresAt: k.time("expires_at").notNull(),
      usedAt: k.time("used_at"),
      writeId: k.text("write_id").notNull(),
    },
    (t) => [k.index("clusters_enrolments_cluster").on(t.tenantId, t.clusterId)],
  ),
  /** The keys that commands to a cluster are signed with. */
  clusterKeys: k.table(
    "clusters_keys",
    {
      id: k.text("id").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      clusterId: k.text("cluster_id").notNull(),
      /** Raw Ed25519 public key, base64url. */
      publicKey: k.text("public_key").notNull(),
      /** The private key as PKCS #8, sealed. */
      sealed: k.json<Sealed>("sealed").notNull(),
      createdAt: k.time("created_at").notNull(),
      /** Signs from here on: agents are told of it before. */
      validFrom: k.time("valid_from").notNull(),
      validUntil: k.time("valid_until"),
    },
    (t) => [k.index("clusters_keys_cluster").on(t.tenantId, t.clusterId, t.createdAt)],
  ),
}));

export type ClusterRow = typeof clusterTables.sqlite.clusters.$inferSelect;
export type NamespaceRow = typeof clusterTables.sqlite.clusterNamespaces.$inferSelect;
export type AgentRow = typeof clusterTables.sqlite.clusterAgents.$inferSelect;
export type EnrolmentRow = typeof clusterTables.sqlite.clusterEnrolments.$inferSelect;
export type KeyRow = typeof clusterTables.sqlite.clusterKeys.$inferSelect;
