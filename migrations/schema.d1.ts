import { ledgerTables } from "../src/db/ledger-tables.ts";

export const { events, outbox, idempotency, parked } = ledgerTables.sqlite;
