import { describe, expect, it } from "vitest";
import type { AlertSignal } from "../../../../contracts/alerts.ts";
import { seededRandom } from "../../../../src/kernel/random.ts";
import { type Delivery, deliveries, scriptedEvents, scriptedRules } from "../../../support/rule-script.ts";
import { SqlEngine } from "../../../support/sql-engine.ts";

class Killed extends Error {}

const rules = scriptedRules();
const random = seededRandom(11);
const script: readonly Delivery[] = [
  ...deliveries(scriptedEvents(random, 40, 400), random, { bound: 50, repeats: 0.1, largest: 12 }),
  ...[500, 900, 3_700].map((now) => ({ events: [], now })),
];

const nothing = () => undefined;

/** An engine that nobody kills, and what it holds after each batch. */
function runSpared() {
  const engine = new SqlEngine(rules);
  const after = script.map(({ events, now }) => {
    engine.step(events, now);
    return engine.contents();
  });
  return { engine, after };
}

/** Takes a batch and dies at the n-th point, before or after a statement; false: it has no such point. */
function killedAt(engine: SqlEngine, { events, now }: Delivery, point: number): boolean {
  let reached = 0;
  engine.onStatement = () => {
    reached += 1;
    if (reached === point) throw new Killed();
  };
  try {
    engine.step(events, now);
    return false;
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    return true;
  } finally {
    engine.onStatement = nothing;
  }
}

/** Kills the step of every batch at every point, repeats it, takes the next batch too and compares. */
function killEverywhere(expected: readonly unknown[], anew: boolean): number {
  const engine = new SqlEngine(rules);
  let points = 0;
  for (const [i, batch] of script.entries()) {
    const next = script[i + 1];
    let killed = true;
    for (let point = 1; killed; point++) {
      engine.transaction(() => {
        killed = killedAt(engine, batch, point);
        if (!killed) return;
        points += 1;
        if (anew) engine.restart();
        engine.step(batch.events, batch.now);
        if (next !== undefined) engine.step(next.events, next.now);
        const found = engine.contents();
        const wanted = expected[next === undefined ? i : i + 1];
        // As text first: it is compared thousands of times.
        if (JSON.stringify(found) !== JSON.stringify(wanted))
          expect({ i, point, found }).toEqual({ i, point, found: wanted });
      }, false);
      engine.restart();
    }
    engine.step(batch.events, batch.now);
  }
  return points;
}

describe("an engine that is killed", () => {
  const { engine, after } = runSpared();
  const expected = engine.contents();

  it("has something to lose", () => {
    expect(expected.signals.length).toBeGreaterThan(15);
    expect(expected.effects.length).toBeGreaterThan(15);
    const acting = "select distinct lineage from effects";
    expect(engine.all(acting).length).toBe(rules.length);
  });

  it("before or after any statement and comes back leaves the same state, alerts and effects", () => {
    expect(killEverywhere(after, true)).toBeGreaterThan(500);
  }, 180_000);

  it("and lives on with what it had in memory leaves the same", () => {
    expect(killEverywhere(after, false)).toBeGreaterThan(500);
  }, 180_000);

  it("after a commit nobody heard of takes the same batch again and says nothing new", () => {
    for (let at = 0; at < script.length; at++) {
      const other = new SqlEngine(rules);
      for (const [i, { events, now }] of script.entries()) {
        other.step(events, now);
        if (i !== at) continue;
        other.restart();
        other.step(events, now);
      }
      const { signals, effects, keys } = other.contents();
      expect({ at, signals, effects }).toEqual({
        at,
        signals: expected.signals,
        effects: expected.effects,
      });
      expect(keys.length).toBe(expected.keys.length);
    }
  });

  it("while it tells the hub tells every signal, in order, and repeats only what the hub has counted", async () => {
    const all = engine.all<{ seq: number; body: string }>("select seq, body from signals_out order by seq");
    // Three statements, each before and after; and the answer of the hub itself, which is lost.
    for (let point = 0; point <= 6; point++) {
      const other = runSpared().engine;
      const heard: number[] = [];
      const hear = (times: number) => async (signals: readonly AlertSignal[]) => {
        heard.push(...signals.map(({ seq }) => seq));
        if (times === 1 && point === 0) throw new Killed();
      };
      let reached = 0;
      other.onStatement = () => {
        reached += 1;
        if (reached === point) throw new Killed();
      };
      await other.send(hear(1)).catch(() => undefined);
      other.onStatement = nothing;
      other.restart();
      await other.send(hear(2));
      const first = heard.filter((seq, i) => heard.indexOf(seq) === i);
      expect({ point, first }).toEqual({ point, first: all.map(({ seq }) => seq) });
      expect(other.contents().signals).toEqual([]);
      expect(reached).toBe(point === 0 ? 2 : point);
    }
  });
});
