import { listRulesAtWork } from "../modules/rules/index.ts";
import type { OutboxHandler } from "./outbox-handler.ts";

/** Tells the tenant's engine which rules are at work now; a late message only tells the newest again. */
export const tellEngine: OutboxHandler = async ({ db, ports }, { tenantId }) => {
  const found = await listRulesAtWork(db, tenantId);
  const rules = found.map(({ rule, version }) => ({
    ruleId: rule.id,
    version: version.version,
    lineage: rule.lineage,
    stateEpoch: rule.stateEpoch,
    definition: version.definition,
    shadow: version.version === rule.shadowVersion,
  }));
  await ports.engine.setRules(tenantId, rules);
};
