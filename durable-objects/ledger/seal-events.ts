import { type Db, UniqueViolation } from "../../src/db/db.ts";
import { chainOn, listUnsealed, placeEvents } from "../../src/modules/audit/index.ts";
import type { LedgerStore } from "./store.ts";

const batchRows = 50;

/**
 * Gives the next batch of events their places. The places are remembered here before they are written to the database,
 * so a crash between the two repeats the same places. Answers how many events were placed.
 */
export async function sealEvents(db: Db, tenantId: string, store: LedgerStore): Promise<number> {
  const unfinished = store.reserved();
  if (unfinished.length === 0) {
    const events = await listUnsealed(db, tenantId, batchRows);
    if (events.length === 0) return 0;
    store.reserve(chainOn(store.head(), events));
  }
  const places = store.reserved();
  try {
    await placeEvents(db, tenantId, places);
  } catch (error) {
    // Somebody else wrote into the chain: nothing was placed, and verification will name the row.
    if (error instanceof UniqueViolation) store.release();
    throw error;
  }
  store.confirm();
  return places.length;
}
