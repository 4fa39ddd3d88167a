import type { Session } from "../context.ts";
import { clockPlan, listRulesAtWork, ruleGeneration } from "../modules/rules/index.ts";
import { findSettings } from "../modules/settings/index.ts";
import type { OutboxHandler } from "./outbox-handler.ts";

/** Tells the tenant's engine which rules are at work now, and its clock what to start; both ignore late messages. */
export const tellEngine: OutboxHandler = (session, { tenantId }) => tellRules(session, tenantId);

/** Tells the newest rules; the same again changes nothing. */
async function tellRules({ db, ports }: Session, tenantId: string): Promise<void> {
  // Asked first: rules that are read later are never older than it says.
  const generation = await ruleGeneration(db, tenantId);
  const found = await listRulesAtWork(db, tenantId);
  const rules = found.map(({ rule, version }) => ({
    ruleId: rule.id,
    version: version.version,
    lineage: rule.lineage,
    stateEpoch: rule.stateEpoch,
    definition: version.definition,
    projectId: rule.projectId,
    shadow: version.version === rule.shadowVersion,
    from: rule.updatedAt.getTime(),
  }));
  await ports.engine.setRules(
    tenantId,
    rules.map(({ from: _, ...rule }) => rule),
    generation,
    (await findSettings({ db, tenantId, ports }))["engine.shards"],
  );
  await ports.ruleClock.plan(tenantId, clockPlan(rules), generation);
}

/** Tenants whose engine was told since this isolate began. */
const told = new Map<string, Promise<void>>();
const mostRemembered = 10_000;

/**
 * Tells a tenant's engine its rules before the first events that come by this isolate: a message about them may have died
 * with the process that was to send it, and events that were taken without a rule don't come again.
 */
export function knowRules(session: Session, tenantId: string): Promise<void> {
  const known = told.get(tenantId);
  if (known !== undefined) return known;
  if (told.size >= mostRemembered) told.clear();
  const telling = tellRules(session, tenantId).catch((error: unknown) => {
    told.delete(tenantId);
    throw error;
  });
  told.set(tenantId, telling);
  return telling;
}
