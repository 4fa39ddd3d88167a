import { newId } from "../kernel/ids.ts";
import type { Db } from "./db.ts";
import { ledgerTables } from "./ledger-tables.ts";

const tenantIn = (body: unknown): string => {
  const named = body !== null && typeof body === "object" && "tenantId" in body ? body.tenantId : undefined;
  return typeof named === "string" && named !== "" ? named : "platform";
};

/** Records a queue message that will not be tried again, under the tenant that it names. */
export async function parkMessage(
  db: Db,
  queue: string,
  body: unknown,
  reason: string,
  facts: { readonly attempt: number },
  now: Date,
): Promise<void> {
  const { parked } = ledgerTables.of(db);
  const row = {
    id: newId("prk", now),
    tenantId: tenantIn(body),
    queue,
    body,
    reason,
    attempts: facts.attempt,
    at: now,
  };
  await db.atomic((q) => [q.insert(parked).values(row)]);
}
