import { describe, expect, it } from "vitest";
import { hubSteps } from "../../../../../durable-objects/alerts/schema.ts";
import { SqlHubStore } from "../../../../../durable-objects/alerts/store.ts";
import { silenceCounts } from "../../../../../src/modules/alerts/silences/silence-counts.ts";
import { aRouting, aSignal, HubDriver, hour, minute } from "../../../../support/alert-hub.ts";
import { nodeSqlStorage } from "../../../../support/node-sql-storage.ts";

const inhibitions = [
  {
    id: "i",
    source: [{ name: "severity", op: "=" as const, value: "critical" }],
    target: [{ name: "severity", op: "=" as const, value: "warning" }],
    equal: ["host"],
  },
];
const labels = (n: number) => ({
  name: `a${n}`,
  host: `host-${n}`,
  service: `svc-${n % 100}`,
  severity: n % 2 === 0 ? "critical" : "warning",
});

describe("10,000 alerts with 200 silences", () => {
  it("are taken in, told and explained within seconds, each silence muting its own", () => {
    const store = new SqlHubStore(nodeSqlStorage(hubSteps));
    const hub = new HubDriver(
      aRouting({ route: { receiver: "ops", groupBy: ["service"] }, inhibitions }),
      store,
    );
    const before = performance.now();
    for (let n = 0; n < 200; n += 1) {
      const matcher =
        n < 180
          ? { name: "host", op: "=" as const, value: `host-${n}` }
          : { name: "host", op: "=~" as const, value: `host-(${n}|9${n})` };
      const silence = { matchers: [matcher], startsAt: 0, endsAt: hour, reason: "x" };
      hub.at(0, { type: "put_silence", id: `s${n}`, silence, by: "kim" });
    }
    for (let from = 0; from < 10_000; from += 100) {
      const signals = Array.from({ length: 100 }, (_, n) => aSignal(labels(from + n), { startsAt: minute }));
      hub.at(minute, { type: "signal", signals });
    }
    hub.until(minute + 30_000);
    const counts = silenceCounts(store, hub.now);
    expect(performance.now() - before).toBeLessThan(15_000);
    expect(hub.heard).toHaveLength(100);
    const muted = [...counts.values()].reduce((sum, count) => sum + count, 0);
    expect([counts.get("s7"), counts.get("s190"), muted]).toEqual([1, 2, 180 + 2 * 20]);
    const told = hub.heard.reduce((sum, { notification }) => sum + notification.firingCount, 0);
    expect(told).toBe(10_000 - muted);
    const quiet = performance.now();
    hub.until(minute + 30_000 + 5 * minute);
    expect(hub.heard).toHaveLength(100);
    expect(performance.now() - quiet).toBeLessThan(5000);
  }, 30_000);
});
