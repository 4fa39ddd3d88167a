import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { MaruEvent } from "../../../contracts/events.ts";
import { RuleDefinition, type RuleDefinitionInput } from "../../../contracts/rules.ts";
import { seededRandom } from "../../../src/kernel/random.ts";
import { alertsPort } from "../../../src/objects/alerts-port.ts";
import { enginePort } from "../../../src/objects/engine-port.ts";
import { alertsOf, engineOf } from "../../../src/platform/objects.ts";
import { bindings, eventually } from "../support/world.ts";

const from = Math.floor(Date.now() / 1000) * 1000 - 100_000;
let made = 0;
const newTenantId = () => `tn_engine${made++}`;

function atWork(lineage: string, definition: Partial<RuleDefinitionInput>) {
  const whole = RuleDefinition.parse({ name: lineage, trigger: { kind: "filter" }, ...definition });
  return {
    ruleId: lineage,
    version: 1,
    lineage,
    stateEpoch: 0,
    definition: whole,
    projectId: null,
    shadow: false,
  };
}

const busy = atWork("rl_busy", {
  key: ["data.host"],
  keyLabels: ["host"],
  trigger: { kind: "filter", value: "data.v" },
  condition: { kind: "static", of: "value", open: { op: ">", value: 60 }, close: { op: "<", value: 40 } },
  forMs: 20,
});
const sums = atWork("rl_sums", {
  key: ["data.host"],
  keyLabels: ["host"],
  trigger: {
    kind: "window",
    window: { kind: "tumbling", sizeMs: 50 },
    aggregates: { total: { fn: "sum", over: "data.v" } },
  },
  condition: { kind: "expression", open: "total > 120.0", close: "total < 90.0" },
});

const setRules = (tenantId: string, rules: ReturnType<typeof atWork>[]) =>
  enginePort(bindings).setRules(tenantId, rules, 1, 1);

function eventOf(
  tenantId: string,
  n: number,
  data: MaruEvent["data"],
  more: Partial<MaruEvent> = {},
): MaruEvent {
  const time = from + n * 7;
  return {
    id: `e${n}`,
    source: "/test",
    type: "test",
    time,
    data,
    tenantid: tenantId,
    sourceid: "src_1",
    ingesttime: time,
    ingestseq: n,
    verified: "none",
    ...more,
  };
}

const random = seededRandom(31);
const values = Array.from({ length: 240 }, () => ({
  v: Math.floor(random() * 100),
  host: `h${Math.floor(random() * 4)}`,
}));

const killEngine = (tenantId: string) =>
  runInDurableObject(engineOf(bindings, tenantId), (_, state) => state.abort("killed")).catch(
    () => undefined,
  );
const killHub = (tenantId: string) =>
  runInDurableObject(alertsOf(bindings, tenantId), (_, state) => state.abort("killed")).catch(
    () => undefined,
  );
const ingest = (tenantId: string, events: readonly MaruEvent[]) =>
  engineOf(bindings, tenantId).ingest(events as never);

/** Repeats a batch until it is taken, as a sender does. */
async function deliver(tenantId: string, events: readonly MaruEvent[]): Promise<void> {
  await eventually("the batch is taken", () =>
    ingest(tenantId, events).then(
      () => true,
      () => false,
    ),
  );
}

/** What the hub has made of it all, once everything is told. */
async function outcomeOf(tenantId: string) {
  await eventually("all signals are told", () =>
    runInDurableObject(
      engineOf(bindings, tenantId),
      (_, { storage }) => storage.sql.exec("select 1 from signals_out limit 1").toArray().length === 0,
    ).catch(() => false),
  );
  const port = alertsPort(bindings);
  const { items } = await port.list(tenantId, { matchers: [] }, "", 200);
  const alerts = await Promise.all(
    items.map(async ({ fingerprint, status, labels, startsAt, endsAt }) => {
      const whole = await port.find(tenantId, fingerprint);
      // What is said of groups depends on the clock.
      const story = (whole?.timeline ?? []).filter(({ type }) => type !== "verdict" && type !== "grouped");
      return { labels, status, startsAt, endsAt, story: story.map(({ type, data }) => ({ type, data })) };
    }),
  );
  const state = await runInDurableObject(engineOf(bindings, tenantId), (_, { storage }) => ({
    keys: storage.sql.exec("select lineage, key, due from keys order by lineage, key").toArray(),
    signals: storage.sql.exec("select seq from sqlite_sequence where name = 'signals_out'").toArray(),
  }));
  return {
    alerts: alerts.sort((a, b) => (JSON.stringify(a.labels) < JSON.stringify(b.labels) ? -1 : 1)),
    state,
  };
}

function batches(tenantId: string): MaruEvent[][] {
  const events = values.map((data, n) => eventOf(tenantId, n, data));
  const parts: MaruEvent[][] = [];
  for (let at = 0; at < events.length; at += 10) parts.push(events.slice(at, at + 10));
  return parts;
}

describe("the engine object", () => {
  it("leaves the hub with the same alerts, each signal applied once, however often both are killed", async () => {
    const [spared, killed] = [newTenantId(), newTenantId()];
    for (const tenantId of [spared, killed]) await setRules(tenantId, [busy, sums]);
    for (const part of batches(spared)) await deliver(spared, part);
    for (const [i, part] of batches(killed).entries()) {
      if (i % 6 === 0) await killEngine(killed);
      // Under way when it dies: whether it was taken is known to nobody.
      if (i % 6 === 1) await Promise.all([ingest(killed, part).catch(() => []), killEngine(killed)]);
      await deliver(killed, part);
      if (i % 6 === 2) await killEngine(killed);
      // While it tells the hub, and while the hub listens.
      if (i % 6 === 3) await Promise.all([killHub(killed), killEngine(killed)]);
      if (i % 6 === 4) await killHub(killed);
      if (i % 6 === 5) await deliver(killed, part);
    }
    const expected = await outcomeOf(spared);
    expect(expected.alerts.length).toBeGreaterThan(4);
    expect(expected.alerts.flatMap(({ story }) => story).length).toBeGreaterThan(20);
    expect(await outcomeOf(killed)).toEqual(expected);
  });

  it("is back with its keys, timers and duplicates after it was killed", async () => {
    const tenantId = newTenantId();
    await setRules(tenantId, [busy]);
    await deliver(tenantId, [eventOf(tenantId, 0, { host: "a", v: 90 })]);
    await killEngine(tenantId);
    const again = (await ingest(tenantId, [
      eventOf(tenantId, 0, { host: "a", v: 90 }, { ingesttime: from + 1 }),
    ])) as unknown as { reason: string }[];
    expect(again.map(({ reason }) => reason)).toEqual(["duplicate"]);
    await deliver(tenantId, [eventOf(tenantId, 10, { host: "a", v: 90 })]);
    expect((await outcomeOf(tenantId)).alerts).toMatchObject([{ status: "firing", labels: { host: "a" } }]);
  });

  it("takes events of many callers at once, each once", async () => {
    const tenantId = newTenantId();
    await setRules(tenantId, [busy, sums]);
    const parts = batches(tenantId);
    await Promise.all([...parts, ...parts].map((part) => ingest(tenantId, part)));
    const [health] = await enginePort(bindings).health(tenantId, "rl_busy");
    expect(health?.counters).toMatchObject({ events: values.length, duplicates: values.length });
  });

  it("shows no tenant the events, keys, traces or alerts of another", async () => {
    const [one, other] = [newTenantId(), newTenantId()];
    for (const tenantId of [one, other]) await setRules(tenantId, [busy, sums]);
    for (const part of batches(one)) await deliver(one, part);
    // The same event is no duplicate elsewhere.
    expect(await ingest(other, [eventOf(other, 0, { host: "mine", v: 10 })])).toEqual([]);
    const port = enginePort(bindings);
    expect((await port.health(one, "rl_busy"))[0]).toMatchObject({ keys: 4 });
    expect((await port.health(other, "rl_busy"))[0]).toMatchObject({
      keys: 1,
      counters: { events: 1, fired: 0 },
    });
    expect(await port.explain(other, "rl_busy", ["h1"])).toBe(null);
    expect((await port.explain(one, "rl_busy", ["h1"]))?.trace.length).toBeGreaterThan(0);
    expect((await outcomeOf(other)).alerts).toEqual([]);
    const dump = await runInDurableObject(engineOf(bindings, other), (_, { storage }) =>
      JSON.stringify(
        ["shard", "keys", "seen", "seen_batches", "rules", "signals_out", "effects"].map((table) =>
          storage.sql.exec(`select * from ${table}`).toArray(),
        ),
      ),
    );
    expect(dump).toContain("mine");
    for (const foreign of [one, '"h0"', '"h1"']) expect(dump).not.toContain(foreign);
  });
});
