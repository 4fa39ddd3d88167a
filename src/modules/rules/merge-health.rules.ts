import type { RuleCounters } from "./engine/shard/shard-store.ts";
import type { EffectCounts, RuleHealth } from "./port.ts";

/** How a rule does on all of its shards together. */
export function mergeHealth(shards: readonly (readonly RuleHealth[])[]): RuleHealth[] {
  const merged = new Map<string, RuleHealth>();
  for (const one of shards.flat()) {
    const known = merged.get(one.lineage);
    merged.set(one.lineage, known === undefined ? one : both(known, one));
  }
  return [...merged.values()];
}

function both(a: RuleHealth, b: RuleHealth): RuleHealth {
  const watermarks = [a.watermark, b.watermark].filter((watermark) => watermark !== null);
  return {
    ...a,
    keys: a.keys + b.keys,
    degraded: a.degraded || b.degraded,
    watermark: watermarks.length === 0 ? null : Math.min(...watermarks),
    counters: sumOf(a.counters, b.counters),
    effects: effectsOf(a.effects, b.effects),
  };
}

function sumOf(a: RuleCounters, b: RuleCounters): RuleCounters {
  const sum = { ...a };
  for (const name of Object.keys(sum) as (keyof RuleCounters)[]) sum[name] += b[name];
  return { ...sum, longestLatencyMs: Math.max(a.longestLatencyMs, b.longestLatencyMs) };
}

function effectsOf(a: EffectCounts, b: EffectCounts): EffectCounts {
  const reasons: Record<string, number> = { ...a.reasons };
  for (const [reason, count] of Object.entries(b.reasons)) reasons[reason] = (reasons[reason] ?? 0) + count;
  return {
    waiting: a.waiting + b.waiting,
    sent: a.sent + b.sent,
    dead: a.dead + b.dead,
    suppressed: a.suppressed + b.suppressed,
    reasons,
  };
}
