import {
  type EffectsPage,
  type EnginePort,
  type KeyExplanation,
  mergeHealth,
  type RuleHealth,
} from "../modules/rules/index.ts";
import type { Env } from "../platform/env.ts";
import { engineOf } from "../platform/objects.ts";
import { allEngines, enginesOf, rememberShards } from "./engine-shards.ts";

/** Places in the effects of the second shard follow those of the first, and so on. */
const placesOfShard = 2 ** 44;

/** The tenants' rule engines behind the port. Polls and schedules have no key: they are the first shard's. */
export function enginePort(env: Env): EnginePort {
  return {
    async setRules(tenantId, rules, generation, shards) {
      const agreed = await engineOf(env, tenantId).agreeShards(shards);
      // The first is told last: whoever sends events learns from it how many there are, and the others know it then.
      for (const engine of enginesOf(env, tenantId, agreed).reverse())
        await engine.setRules(rules as never, generation, agreed);
      rememberShards(tenantId, agreed);
    },
    samples: (tenantId, lineage, at, intervalMs, result) =>
      engineOf(env, tenantId).samples(lineage, at, intervalMs, result as never),
    run: (tenantId, lineage, scheduledFor) => engineOf(env, tenantId).run(lineage, scheduledFor),
    async effects(tenantId, query) {
      const engines = await allEngines(env, tenantId);
      const first = Math.floor((query.before ?? 0) / placesOfShard);
      const items: EffectsPage["items"][number][] = [];
      for (let shard = first; shard < engines.length; shard++) {
        const before =
          shard === first && query.before !== undefined ? query.before % placesOfShard : undefined;
        const asked = { ...query, before, limit: query.limit - items.length };
        const page = (await engines[shard]?.effects(asked)) as unknown as EffectsPage;
        items.push(...page.items);
        if (page.before !== null) return { items, before: shard * placesOfShard + page.before };
        const more = shard + 1 < engines.length && items.length >= query.limit;
        if (more) return { items, before: (shard + 1) * placesOfShard + placesOfShard - 1 };
      }
      return { items, before: null };
    },
    async redrive(tenantId, ruleId, key, event) {
      for (const engine of await allEngines(env, tenantId)) {
        const state = await engine.redrive(ruleId, key, event as never);
        if (state !== null) return state;
      }
      return null;
    },
    async health(tenantId, ruleId) {
      const engines = await allEngines(env, tenantId);
      const each = await Promise.all(engines.map((engine) => engine.health(ruleId)));
      return mergeHealth(each as unknown as RuleHealth[][]);
    },
    async explain(tenantId, lineage, key) {
      const engines = await allEngines(env, tenantId);
      const each = await Promise.all(engines.map((engine) => engine.explain(lineage, key as never)));
      return (each.find((one) => one !== null) ?? null) as unknown as KeyExplanation | null;
    },
  };
}
