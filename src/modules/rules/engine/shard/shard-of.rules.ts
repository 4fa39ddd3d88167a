import { canonicalJson } from "../../../../kernel/json.ts";
import type { CompiledRule } from "../compile/compiled-rule.ts";

/** One of several shards that share the keys of a tenant's rules; `index` is below `count`. */
export interface ShardPlace {
  readonly index: number;
  readonly count: number;
}

/**
 * On which of `count` shards a key of a rule lives. Rules with the same key expressions put the same key on the same
 * shard; one without a key lives on one shard. Rendezvous hashing: every shard has a weight for the key, the highest
 * has it. Source: Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998; hash: FNV-1a with
 * the finisher of MurmurHash3.
 */
export function shardOf(rule: CompiledRule, key: string, count: number): number {
  if (count === 1) return 0;
  const { tenantId, lineage, definition } = rule;
  const group = definition.key.length === 0 ? lineage : canonicalJson(definition.key);
  const hash = fnv1a(`${tenantId}\n${group}\n${key}`);
  let best = 0;
  let highest = -1;
  for (let shard = 0; shard < count; shard++) {
    const weight = mixed(hash ^ mixed(shard + 1));
    if (weight > highest) {
      highest = weight;
      best = shard;
    }
  }
  return best;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

function mixed(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
