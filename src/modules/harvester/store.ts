import { and, eq, lte } from "drizzle-orm";
import type { ReadDb, Statement, WriteDb } from "../../db/db.ts";
import { removeRow } from "../../db/races.ts";
import { harvesterTables, type TicketRow } from "./tables.ts";

/** The ticket tells the tenant, not the other way round. */
export async function findTicket(db: ReadDb, hash: string): Promise<TicketRow | undefined> {
  const { consoleTickets: t } = harvesterTables.of(db);
  const [row] = await db.select().from(t).where(eq(t.hash, hash));
  return row;
}

/** Adds a ticket, and takes away those of the tenant that have expired. */
export function insertTicket(q: WriteDb, row: TicketRow): readonly Statement[] {
  const { consoleTickets: t } = harvesterTables.of(q);
  return [
    q.delete(t).where(and(eq(t.tenantId, row.tenantId), lte(t.expiresAt, row.createdAt))),
    q.insert(t).values(row),
  ];
}

/** Uses a ticket up; loses the race when somebody else has. */
export function useTicket(q: WriteDb, { hash, writeId }: TicketRow): readonly Statement[] {
  const { consoleTickets: t } = harvesterTables.of(q);
  return removeRow(q, t, eq(t.hash, hash), writeId);
}
