import type { MaruEvent } from "../../contracts/events.ts";
import type { RuleDefinitionInput } from "../../contracts/rules.ts";
import { compileRule } from "../../src/modules/rules/engine/compile/compile-rule.ts";
import { MemoryShardStore } from "../../src/modules/rules/engine/shard/memory-shard-store.ts";
import { ruleSet } from "../../src/modules/rules/engine/shard/rule-set.ts";
import { stepBatch } from "../../src/modules/rules/engine/shard/step-batch.ts";
import { definitionOf, type RequestData, type RuleKind } from "./rule-subjects.ts";

/** Takes events as batches and says how often something was decided. */
export type Take = (batch: readonly MaruEvent[], now: number) => number | Promise<number>;

/** The engine alone: a shard in memory with one rule. */
export function pureEngine(kind: RuleKind, more: Partial<RuleDefinitionInput> = {}): Take {
  const outcome = compileRule(definitionOf(kind, more), { tenantId: "bench", lineage: "rl_1" });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  const [store, rules] = [new MemoryShardStore({ copies: false }), ruleSet([outcome.rule])];
  return (batch, now) => stepBatch(store, rules, batch, now).outputs.length;
}

const dataOf = (event: MaruEvent) => event.data as RequestData;

/** The same questions in a loop that does nothing else: no lateness, no traces, no timers, no alerts, no state to store. */
export const bareLoops: Readonly<Record<RuleKind, () => Take>> = {
  filter: () => (batch) => {
    let found = 0;
    for (const event of batch) {
      const { level, ms, service } = dataOf(event);
      if (level === "error" && ms > 900 && service.startsWith("pay")) found += 1;
    }
    return found;
  },
  window: () => {
    const byHost = new Map<string, { times: number[]; values: number[]; first: number; sum: number }>();
    return (batch) => {
      let found = 0;
      for (const event of batch) {
        const { host = "", ms } = dataOf(event);
        const window = byHost.get(String(host)) ?? { times: [], values: [], first: 0, sum: 0 };
        byHost.set(String(host), window);
        window.times.push(event.time);
        window.values.push(ms);
        window.sum += ms;
        while ((window.times[window.first] ?? event.time) <= event.time - 300_000)
          window.sum -= window.values[window.first++] ?? 0;
        if (window.sum / (window.times.length - window.first) > 900) found += 1;
      }
      return found;
    };
  },
  pattern: () => {
    const failures = new Map<string, number[]>();
    return (batch) => {
      let found = 0;
      for (const event of batch) {
        const { host = "", level, ms } = dataOf(event);
        const times = failures.get(String(host)) ?? [];
        failures.set(String(host), times);
        if (level === "error") times.push(event.time);
        while ((times[0] ?? event.time) <= event.time - 600_000) times.shift();
        if (level === "info" && ms > 990 && times.length >= 3) {
          found += 1;
          times.length = 0;
        }
      }
      return found;
    };
  },
};

/** Thousands of events a second of this thread's CPU; what the first half compiles and warms belongs to no figure. */
export async function rateOf(
  take: Take,
  events: readonly MaruEvent[],
  batch: number,
): Promise<{ readonly rate: number; readonly found: number }> {
  let found = 0;
  let before = process.threadCpuUsage();
  const half = Math.floor(events.length / 2 / batch) * batch;
  for (let at = 0; at < events.length; at += batch) {
    if (at === half) before = process.threadCpuUsage();
    const part = events.slice(at, at + batch);
    found += await take(part, part.at(-1)?.ingesttime ?? 0);
  }
  const { user, system } = process.threadCpuUsage(before);
  return { rate: ((events.length - half) * 1_000_000) / (user + system), found };
}
