import type { EnginePort } from "../modules/rules/index.ts";
import type { Env } from "../platform/env.ts";
import { engineOf } from "../platform/objects.ts";

/** The tenants' rule engines behind the port. */
export function enginePort(env: Env): EnginePort {
  return {
    async setRules(tenantId, rules, generation) {
      await engineOf(env, tenantId).setRules(rules as never, generation);
    },
    samples: (tenantId, lineage, at, intervalMs, result) =>
      engineOf(env, tenantId).samples(lineage, at, intervalMs, result as never),
    run: (tenantId, lineage, scheduledFor) => engineOf(env, tenantId).run(lineage, scheduledFor),
    effects: (tenantId, query) => engineOf(env, tenantId).effects(query) as never,
    redrive: (tenantId, ruleId, key, event) =>
      engineOf(env, tenantId).redrive(ruleId, key, event as never) as never,
    health: (tenantId, ruleId) => engineOf(env, tenantId).health(ruleId) as never,
    explain: (tenantId, lineage, key) => engineOf(env, tenantId).explain(lineage, key as never) as never,
  };
}
