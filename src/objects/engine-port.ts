import type { EnginePort } from "../modules/rules/index.ts";
import type { Env } from "../platform/env.ts";
import { engineOf } from "../platform/objects.ts";

/** The tenants' rule engines behind the port. */
export function enginePort(env: Env): EnginePort {
  return {
    async setRules(tenantId, rules, generation) {
      await engineOf(env, tenantId).setRules(rules as never, generation);
    },
    health: (tenantId, ruleId) => engineOf(env, tenantId).health(ruleId) as never,
    explain: (tenantId, lineage, key) => engineOf(env, tenantId).explain(lineage, key as never) as never,
  };
}
