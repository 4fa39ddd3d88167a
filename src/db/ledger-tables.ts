import { sql } from "drizzle-orm";
import { defineTables } from "./define-tables.ts";

/** Tables of the write itself: every change's event and what is to be sent because of it. */
export const ledgerTables = defineTables((k) => ({
  events: k.table(
    "audit_events",
    {
      id: k.text("id").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      projectId: k.text("project_id"),
      at: k.time("at").notNull(),
      actorKind: k.oneOf("actor_kind", ["user", "api_key", "system", "anonymous"]).notNull(),
      actorId: k.text("actor_id").notNull(),
      action: k.text("action").notNull(),
      resource: k.text("resource").notNull(),
      before: k.json<unknown>("before"),
      after: k.json<unknown>("after"),
      address: k.text("address"),
      requestId: k.text("request_id"),
      traceId: k.text("trace_id"),
      digest: k.text("digest").notNull(),
      seq: k.int("seq"),
      chainHash: k.text("chain_hash"),
    },
    (t) => [
      k.unique("audit_events_chain").on(t.tenantId, t.seq),
      k.index("audit_events_at").on(t.tenantId, t.at, t.id),
      k.index("audit_events_resource").on(t.tenantId, t.resource, t.at),
      k.index("audit_events_unsealed").on(t.tenantId, t.at, t.id).where(sql`seq is null`),
    ],
  ),
  outbox: k.table(
    "outbox_messages",
    {
      id: k.text("id").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      topic: k.text("topic").notNull(),
      payload: k.json<unknown>("payload").notNull(),
      availableAt: k.time("available_at").notNull(),
      attempts: k.int("attempts").notNull().default(0),
      lastError: k.text("last_error"),
    },
    (t) => [k.index("outbox_messages_due").on(t.tenantId, t.availableAt)],
  ),
  idempotency: k.table(
    "idempotency_keys",
    {
      tenantId: k.text("tenant_id").notNull(),
      scope: k.text("scope").notNull(),
      key: k.text("key").notNull(),
      bodyHash: k.text("body_hash").notNull(),
      /** The attempt that holds the key: an id of our own, since a caller may send one request id twice. */
      claimId: k.text("claim_id").notNull(),
      appliedTo: k.text("applied_to"),
      status: k.int("status"),
      response: k.json<unknown>("response"),
      lockedUntil: k.time("locked_until").notNull(),
      expiresAt: k.time("expires_at").notNull(),
    },
    (t) => [
      k.key({ columns: [t.tenantId, t.scope, t.key] }),
      k.index("idempotency_keys_claim").on(t.tenantId, t.claimId),
      k.index("idempotency_keys_expiry").on(t.expiresAt),
    ],
  ),
  parked: k.table(
    "parked_messages",
    {
      id: k.text("id").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      queue: k.text("queue").notNull(),
      body: k.json<unknown>("body"),
      reason: k.text("reason").notNull(),
      attempts: k.int("attempts").notNull(),
      at: k.time("at").notNull(),
    },
    (t) => [k.index("parked_messages_at").on(t.tenantId, t.at)],
  ),
}));
