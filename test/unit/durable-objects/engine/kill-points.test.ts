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
  ...[500, 900, 1_700, 3_700].map((now) => ({ events: [], now })),
];

/** Runs the script; where the n-th point is reached the step dies, and comes again in an object made anew or not. */
function runKilledAt(point: number, anew: boolean) {
  const engine = new SqlEngine(rules);
  let points = 0;
  engine.onStatement = () => {
    points += 1;
    if (points === point) throw new Killed();
  };
  for (const { events, now } of script) {
    try {
      engine.step(events, now);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      if (anew) engine.restart();
      engine.step(events, now);
    }
  }
  return { engine, points };
}

const spared = runKilledAt(0, false);

describe("an engine that is killed", () => {
  const { engine, points } = spared;
  const expected = engine.contents();

  it("has something to lose", () => {
    expect(points).toBeGreaterThan(500);
    expect(expected.signals.length).toBeGreaterThan(15);
    expect(expected.effects.length).toBeGreaterThan(15);
    const lineages = new Set(
      engine.all<{ lineage: string }>("select distinct lineage from effects").map((row) => row.lineage),
    );
    expect(lineages.size).toBe(rules.length);
  });

  it("before or after any statement and comes back leaves the same state, alerts and effects", () => {
    for (let point = 1; point <= points; point++) {
      const { engine: other } = runKilledAt(point, true);
      expect({ point, ...other.contents() }).toEqual({ point, ...expected });
    }
  }, 120_000);

  it("and lives on with what it had in memory leaves the same", () => {
    for (let point = 1; point <= points; point += 3) {
      const { engine: other } = runKilledAt(point, false);
      expect({ point, ...other.contents() }).toEqual({ point, ...expected });
    }
  }, 120_000);

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
      const other = runKilledAt(0, false).engine;
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
      other.onStatement = () => undefined;
      other.restart();
      await other.send(hear(2));
      const first = heard.filter((seq, i) => heard.indexOf(seq) === i);
      expect({ point, first }).toEqual({ point, first: all.map(({ seq }) => seq) });
      expect(other.contents().signals).toEqual([]);
      expect(reached).toBe(point === 0 ? 2 : point);
    }
  });
});
