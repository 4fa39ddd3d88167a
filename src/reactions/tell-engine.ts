import { clockPlan, listRulesAtWork, ruleGeneration } from "../modules/rules/index.ts";
import { findSettings } from "../modules/settings/index.ts";
import type { OutboxHandler } from "./outbox-handler.ts";

/** Tells the tenant's engine which rules are at work now, and its clock what to start; both ignore late messages. */
export const tellEngine: OutboxHandler = async ({ db, ports }, { tenantId }) => {
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
};
