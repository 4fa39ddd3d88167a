import { and, eq, lte } from "drizzle-orm";
import type { Statement, WriteDb } from "../../db/db.ts";
import { ledgerTables } from "../../db/ledger-tables.ts";
import { actorName } from "../../kernel/actor-name.ts";
import type { Ctx } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";

const keepMs = 24 * 3600_000;

/** Statements that hold an `Idempotency-Key` for a resource, to be part of the write. */
export type HoldKey = (q: WriteDb, resource: string) => readonly Statement[];

/**
 * Settles `Idempotency-Key` for operations whose request or answer carries a secret: nothing of either is kept, only a
 * keyed fingerprint of the request. A repeat is refused: 409 with the resource, or 422 when the request differs.
 */
export async function onlyOnce(ctx: Ctx): Promise<HoldKey> {
  const { idempotency } = ctx;
  if (idempotency === undefined) return () => [];
  const { idempotency: table } = ledgerTables.of(ctx.db);
  const { tenantId, now } = ctx;
  const scope = `${ctx.action} ${actorName(ctx.actor)}`;
  const isKey = and(eq(table.tenantId, tenantId), eq(table.scope, scope), eq(table.key, idempotency.key));
  const bodyHash = await ctx.ports.tokens.fingerprint(idempotency.bodyHash);
  const [held] = await ctx.db.select().from(table).where(isKey);
  if (held !== undefined && held.expiresAt > now) throw repeated(held.bodyHash === bodyHash, held.appliedTo);
  return (q, resource) => [
    q.delete(table).where(and(isKey, lte(table.expiresAt, now))),
    q.insert(table).values({
      tenantId,
      scope,
      key: idempotency.key,
      bodyHash,
      claimId: ctx.newId("clm"),
      appliedTo: resource,
      lockedUntil: now,
      expiresAt: new Date(now.getTime() + keepMs),
    }),
  ];
}

function repeated(sameBody: boolean, resource: string | null) {
  if (sameBody) {
    const detail = `The request was applied to ${resource ?? "a resource"}; its answer holds a secret and was not kept.`;
    return problem("conflict", "idempotency.applied", detail, { data: { resource } });
  }
  return problem(
    "invalid_input",
    "idempotency.other_body",
    "This Idempotency-Key was used with another request. Use a new key.",
    {
      errors: [{ pointer: "/header/Idempotency-Key", code: "reused", message: "Used with another body." }],
    },
  );
}
