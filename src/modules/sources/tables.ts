import type { SourceMapping } from "../../../contracts/sources.ts";
import { setAsideReasons, sourceDeliveries, sourceKinds } from "../../../contracts/sources.ts";
import { defineTables } from "../../db/define-tables.ts";
import type { FieldProblem } from "../../kernel/problem.ts";

/** A secret that a source accepts, by its name in the secret store; until `until` (ISO) when it was replaced. */
export interface AcceptedSecret {
  readonly name: string;
  readonly until: string | null;
}

/** The token of a source's URL as SHA-256, and the one before it while that is still accepted. */
export interface AcceptedTokens {
  readonly hash: string;
  readonly before: { readonly hash: string; readonly until: string } | null;
}

export interface SourceLimits {
  /** Requests a minute; null for no limit of its own. */
  readonly requestsPerMinute: number | null;
  readonly maxBodyBytes: number;
  readonly maxPastMs: number;
  readonly maxFutureMs: number;
  /** Raw bodies are kept so long; 0 keeps none. */
  readonly retentionDays: number;
}

export const sourceTables = defineTables((k) => ({
  sources: k.table(
    "sources",
    {
      id: k.text("id").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      projectId: k.text("project_id"),
      name: k.text("name").notNull(),
      kind: k.oneOf("kind", sourceKinds).notNull(),
      status: k.oneOf("status", ["active", "paused"]).notNull(),
      proof: k.oneOf("proof", ["signature", "token", "none"]).notNull(),
      delivery: k.oneOf("delivery", sourceDeliveries).notNull(),
      secrets: k.json<readonly AcceptedSecret[]>("secrets").notNull(),
      tokens: k.json<AcceptedTokens>("tokens").notNull(),
      mapping: k.json<SourceMapping>("mapping").notNull(),
      /** JSON Schema of the data by type of event. */
      types: k.json<Readonly<Record<string, Readonly<Record<string, unknown>>>>>("types").notNull(),
      limits: k.json<SourceLimits>("limits").notNull(),
      allowedOrigins: k.json<readonly string[]>("allowed_origins").notNull(),
      createdBy: k.text("created_by").notNull(),
      createdAt: k.time("created_at").notNull(),
      updatedAt: k.time("updated_at").notNull(),
      version: k.int("version").notNull(),
      writeId: k.text("write_id").notNull(),
    },
    (t) => [
      k.unique("sources_name").on(t.tenantId, t.name),
      k.index("sources_created").on(t.tenantId, t.createdAt, t.id),
    ],
  ),
  /** What a source didn't let in, or the engine set aside. */
  setAside: k.table(
    "sources_set_aside",
    {
      id: k.text("id").primaryKey(),
      tenantId: k.text("tenant_id").notNull(),
      sourceId: k.text("source_id").notNull(),
      reason: k.oneOf("reason", setAsideReasons).notNull(),
      at: k.time("at").notNull(),
      eventId: k.text("event_id"),
      eventType: k.text("event_type"),
      detail: k.text("detail").notNull(),
      errors: k.json<readonly FieldProblem[]>("errors").notNull(),
      /** Where the raw request or event lies; null when it wasn't kept. */
      blobKey: k.text("blob_key"),
      bytes: k.int("bytes").notNull(),
      replayedAt: k.time("replayed_at"),
    },
    (t) => [
      k.index("sources_set_aside_at").on(t.tenantId, t.sourceId, t.at, t.id),
      k.index("sources_set_aside_age").on(t.at),
    ],
  ),
  /** What a source received, by minute (ms UTC) and outcome: `accepted` or a reason. */
  minutes: k.table(
    "sources_minutes",
    {
      tenantId: k.text("tenant_id").notNull(),
      sourceId: k.text("source_id").notNull(),
      minute: k.time("minute").notNull(),
      outcome: k.text("outcome").notNull(),
      count: k.int("count").notNull(),
    },
    (t) => [k.key({ columns: [t.tenantId, t.sourceId, t.minute, t.outcome] })],
  ),
}));

export type SourceRow = typeof sourceTables.sqlite.sources.$inferSelect;
export type SetAsideRow = typeof sourceTables.sqlite.setAside.$inferSelect;
export type MinuteRow = typeof sourceTables.sqlite.minutes.$inferSelect;
