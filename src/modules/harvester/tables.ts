import { defineTables } from "../../db/define-tables.ts";

export const harvesterTables = defineTables((k) => ({
  /** One-time tickets that open a console in place of a credential; only their hashes are kept. */
  consoleTickets: k.table(
    "harvester_console_tickets",
    {
      hash: k.text("hash").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      clusterId: k.text("cluster_id").notNull(),
      namespace: k.text("namespace").notNull(),
      machine: k.text("machine").notNull(),
      kind: k.oneOf("kind", ["console", "vnc"]).notNull(),
      /** Who asked for it, and acts when it is used. */
      actorKind: k.oneOf("actor_kind", ["user", "api_key", "system", "anonymous"]).notNull(),
      actorId: k.text("actor_id").notNull(),
      actorProjects: k.json<readonly string[]>("actor_projects"),
      createdAt: k.time("created_at").notNull(),
      expiresAt: k.time("expires_at").notNull(),
      writeId: k.text("write_id").notNull(),
    },
    (t) => [k.index("harvester_console_tickets_expiry").on(t.tenantId, t.expiresAt)],
  ),
}));

export type TicketRow = typeof harvesterTables.sqlite.consoleTickets.$inferSelect;
