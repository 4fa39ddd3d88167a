import { openDb } from "../../src/context.ts";
import { listTenantsWaiting } from "../../src/modules/audit/index.ts";
import type { Env } from "../../src/platform/env.ts";
import { pokeLedger } from "../../src/platform/objects.ts";

const graceMs = 30_000;
const maxTenants = 500;
const atOnce = 20;

/** Wakes the ledgers of tenants whose work has waited half a minute: their poke was lost. Answers how many. */
export async function sweepLedgers(env: Env, now: Date): Promise<number> {
  const db = openDb(env);
  try {
    const tenants = await listTenantsWaiting(db, new Date(now.getTime() - graceMs), maxTenants);
    for (let i = 0; i < tenants.length; i += atOnce) {
      await Promise.all(tenants.slice(i, i + atOnce).map((tenantId) => pokeLedger(env, tenantId)));
    }
    return tenants.length;
  } finally {
    await db.close();
  }
}
