import { describe, expect, it } from "vitest";
import type { AlertSignal } from "../../../../../contracts/alerts.ts";
import { type Random, seededRandom } from "../../../../../src/kernel/random.ts";
import { aRouting, aSignal, HubDriver, hour } from "../../../../support/alert-hub.ts";

const route = { receiver: "ops", groupBy: ["host"], groupWaitMs: 30_000, groupIntervalMs: 60_000 };

/** The lives of some alerts: each fires and ends up to three times, in signals with rising sequence numbers. */
function lives(random: Random): AlertSignal[] {
  return Array.from({ length: 8 }, (_, n) => n).flatMap((n) => {
    const labels = { name: `a${n}`, host: `h${n % 3}` };
    const signals: AlertSignal[] = [];
    let at = Math.floor(random() * 1000);
    for (let seq = 0; seq < 1 + Math.floor(random() * 6); seq += 1) {
      const startsAt = seq % 2 === 0 ? at : (signals.at(-1)?.startsAt ?? at);
      const endsAt = seq % 2 === 0 ? null : at;
      signals.push(
        aSignal(labels, { startsAt, endsAt, updatedAt: at, seq, annotations: { n: String(seq) } }),
      );
      at += 1 + Math.floor(random() * 2000);
    }
    return signals;
  });
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  return list
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** What a hub knows and says in the end, when it hears the signals from 15 s on, a few at a time. */
function outcome(signals: readonly AlertSignal[], random: Random) {
  const hub = new HubDriver(aRouting({ route }));
  let at = 15_000;
  for (let from = 0; from < signals.length; ) {
    const size = 1 + Math.floor(random() * 4);
    hub.signal(at, ...signals.slice(from, from + size));
    from += size;
    at += 10;
  }
  hub.until(10 * 60_000);
  const alerts = hub.store.alerts("", 99).map(({ fingerprint, startsAt, endsAt, annotations, noted }) => ({
    fingerprint,
    startsAt,
    endsAt,
    annotations,
    noted,
  }));
  const said = hub.heard.map(({ notification }) => ({
    groupKey: notification.groupKey,
    status: notification.status,
    firing: notification.firingCount,
    alerts: notification.alerts.filter(({ status }) => status === "firing"),
  }));
  return { alerts, said: said.sort((a, b) => (a.groupKey < b.groupKey ? -1 : 1)) };
}

describe("signals", () => {
  it("that arrive shuffled and doubled lead to the same alerts and the same messages", () => {
    const random = seededRandom(5);
    for (let round = 0; round < 60; round += 1) {
      const signals = lives(random);
      const expected = outcome(signals, random);
      expect(expected.alerts).toHaveLength(8);
      expect(outcome(shuffled([...signals, ...signals], random), random)).toEqual(expected);
    }
  });

  it("that come again change nothing", () => {
    const hub = new HubDriver(aRouting({ route }));
    const signal = aSignal({ name: "a", host: "h" });
    expect(hub.at(10, { type: "signal", signals: [signal, signal] })).toEqual({
      ok: true,
      accepted: 1,
      duplicates: 1,
      refused: 0,
    });
    expect(hub.at(20, { type: "signal", signals: [signal] })).toMatchObject({ accepted: 0, duplicates: 1 });
    hub.until(hour);
    expect(hub.said()).toEqual(["30010 slack +a"]);
  });
});
