import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../src/kernel/random.ts";
import type { Output } from "../../../../src/modules/rules/engine/outputs.ts";
import { deliveries, scriptedEvents, scriptedRules } from "../../../support/rule-script.ts";
import { SqlEngine } from "../../../support/sql-engine.ts";

const rules = scriptedRules();
const bound = 50;

/** What was decided, without what only tells of the delivery. */
function decided(outputs: readonly Output[]): string[] {
  return outputs
    .flatMap((output) => {
      const { kind, lineage, key, at } = output;
      if (kind === "transition") return [[lineage, key, at, output.from, output.to, output.matchId]];
      if (kind === "match") return [[lineage, key, at, output.matchId]];
      if (kind === "effect") return [[lineage, key, at, output.effectKey, output.suppressed.length]];
      if (kind === "window") return [[lineage, key, output.start, output.end, output.values]];
      return [];
    })
    .map((one) => JSON.stringify(one))
    .sort();
}

function run(script: ReturnType<typeof deliveries>, restarts: boolean) {
  const engine = new SqlEngine(rules);
  const outputs: Output[] = [];
  for (const { events, now } of script) {
    outputs.push(...engine.step(events, now).outputs);
    if (restarts) engine.restart();
  }
  for (const now of [1_000, 1_300, 2_000, 3_000, 8_000]) outputs.push(...engine.step([], now).outputs);
  const keys = engine.all<{ lineage: string; key: string }>("select lineage, key from keys order by 1, 2");
  return { decided: decided(outputs), late: outputs.filter(({ kind }) => kind === "late").length, keys };
}

describe("events within the lateness that rules allow", () => {
  it("decide the same, however they are shuffled, repeated, delayed, batched and the object restarted", () => {
    const random = seededRandom(21);
    let decisions = 0;
    for (let round = 0; round < 40; round++) {
      const events = scriptedEvents(random, 80, 800);
      const plain = run(deliveries(events, random, { bound: 0, repeats: 0, largest: 1 }), false);
      const wild = run(deliveries(events, random, { bound, repeats: 0.4, largest: 40 }), round % 2 === 1);
      expect({ round, ...wild }).toEqual({ round, ...plain });
      expect(plain.late).toBe(0);
      decisions += plain.decided.length;
    }
    expect(decisions).toBeGreaterThan(2_000);
  });
});
