import { describe, expect, it } from "vitest";
import { NamedPolicy, NotificationPreferences } from "../../../../../contracts/on-call.ts";
import { hubSteps } from "../../../../../durable-objects/alerts/schema.ts";
import { SqlHubStore } from "../../../../../durable-objects/alerts/store.ts";
import type { HubCommand } from "../../../../../src/modules/alerts/hub/commands.ts";
import { HubCache } from "../../../../../src/modules/alerts/hub/compiled-routing.ts";
import { decideAlerts } from "../../../../../src/modules/alerts/hub/decide-alerts.ts";
import type { HubStore } from "../../../../../src/modules/alerts/hub/hub-store.ts";
import { MemoryHubStore } from "../../../../../src/modules/alerts/hub/memory-store.ts";
import { aRouting, aSignal, fingerprintOf, hour, spanCalendar } from "../../../../support/alert-hub.ts";
import { nodeSqlStorage } from "../../../../support/node-sql-storage.ts";

const routing = aRouting({
  route: {
    receiver: "ops",
    groupBy: ["host"],
    groupWaitMs: 1000,
    groupIntervalMs: 1000,
    repeatIntervalMs: 4000,
    escalation: "page",
  },
  receivers: [
    {
      name: "ops",
      channels: [
        { channelId: "slack" },
        { channelId: "sms", sendResolved: false, rateLimit: { max: 1, windowMs: 3000 } },
        { channelId: "mail", quietHours: { interval: "early", digest: true } },
      ],
    },
  ],
  inhibitions: [
    {
      id: "i",
      source: [{ name: "kind", op: "=", value: "host" }],
      target: [{ name: "kind", op: "!=", value: "host" }],
      equal: ["host"],
    },
  ],
  timeIntervals: { early: [{ times: [{ from: "00:00", until: "00:01" }], zone: "UTC" }] },
});
const page = NamedPolicy.parse({
  name: "Page",
  steps: [
    { targets: [{ kind: "channel", id: "boss" }], waitMs: 1000, repeat: 1 },
    { targets: [{ kind: "user", id: "kim" }], waitMs: 2000 },
  ],
});
const kim = NotificationPreferences.parse({ contacts: [{ channelId: "phone" }], digestMs: 60_000 });
const disk = { name: "disk", host: "h1" };
const cpu = { name: "cpu", host: "h2" };
const host = { name: "down", host: "h2", kind: "host" };
const silence = {
  matchers: [{ name: "host", op: "=" as const, value: "h1" }],
  startsAt: 0,
  endsAt: 9000,
  reason: "work",
  untilResolved: true,
};

/** A day in the life of a hub: each command at its time, with the alarms between them. */
const script: readonly (readonly [number, HubCommand])[] = [
  [0, { type: "put_entry", kind: "person", id: "kim", body: kim, mode: "any", by: "kim" }],
  [0, { type: "put_entry", kind: "policy", id: "page", body: page, mode: "any", by: "kim" }],
  [0, { type: "set_config", config: routing }],
  [
    100,
    {
      type: "signal",
      signals: [aSignal(disk, { startsAt: 100, cooldownMs: 5000 }), aSignal(cpu, { startsAt: 100 })],
    },
  ],
  [1100, { type: "tick" }],
  [1500, { type: "put_silence", id: "s1", silence, by: "kim" }],
  [2000, { type: "signal", signals: [aSignal(host, { startsAt: 2000, flapping: true })] }],
  [2100, { type: "tick" }],
  [3100, { type: "acknowledge", fingerprint: fingerprintOf(cpu), by: "kim", untilAt: 5000 }],
  [3600, { type: "signal", signals: [aSignal(disk, { startsAt: 100, endsAt: 3600, updatedAt: 3600 })] }],
  [4100, { type: "tick" }],
  [4500, { type: "signal", signals: [aSignal(host, { startsAt: 2000, endsAt: 4500, updatedAt: 4500 })] }],
  [5100, { type: "tick" }],
  [6100, { type: "tick" }],
  [7000, { type: "resolve", fingerprint: fingerprintOf(cpu), by: "kim" }],
  [7100, { type: "tick" }],
  [8000, { type: "signal", signals: [aSignal({ name: "memory", host: "h3" }, { startsAt: 8000 })] }],
  [9000, { type: "tick" }],
  [60_000, { type: "tick" }],
  [61_100, { type: "tick" }],
  [
    62_000,
    {
      type: "signal",
      signals: [
        aSignal({ name: "memory", host: "h3" }, { startsAt: 8000, endsAt: 62_000, updatedAt: 62_000 }),
      ],
    },
  ],
  [66_000, { type: "tick" }],
  [hour, { type: "tick" }],
];

class Killed extends Error {}

const isWrite = (name: string) => /^(put|delete|write|append|trim)/.test(name);

/** A store that dies after so many writes. */
function dyingAfter(store: HubStore, writes: number): HubStore {
  let left = writes;
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        const result: unknown = member.apply(target, args);
        if (isWrite(String(name))) {
          if (left === 0) throw new Killed();
          left -= 1;
        }
        return result;
      };
    },
  });
}

interface Transactional {
  readonly store: HubStore;
  attempt(body: (store: HubStore) => void): void;
}

function inMemory(): Transactional {
  const store = new MemoryHubStore();
  return { store, attempt: (body) => body(store.fork()) };
}

function inSqlite(): Transactional {
  const sql = nodeSqlStorage(hubSteps);
  const store = new SqlHubStore(sql);
  const attempt = (body: (store: HubStore) => void) => {
    sql.database.exec("begin");
    try {
      body(store);
    } finally {
      sql.database.exec("rollback");
    }
  };
  return { store, attempt };
}

/** Runs the script; before each command, `before` may try it and fail. Gives the ids and texts that were sent. */
function play(
  { store }: Pick<Transactional, "store">,
  cache: HubCache,
  before: (command: HubCommand, now: number) => void,
): string[] {
  const sent: string[] = [];
  for (const [now, command] of script) {
    before(command, now);
    const { effects } = decideAlerts({ tenantId: "t1", store, calendar: spanCalendar, cache }, command, now);
    for (const { id, notification } of effects) sent.push(`${now} ${id} ${JSON.stringify(notification)}`);
  }
  return sent;
}

describe.each([
  ["in memory", inMemory],
  ["in SQLite", inSqlite],
])("a hub %s", (_name, make) => {
  const expected = play(make(), new HubCache(), () => {});

  it("that dies after any write and starts again decides the same, with the same ids", () => {
    const place = make();
    const cache = new HubCache();
    let deaths = 0;
    const sent = play(place, cache, (command, now) => {
      for (let writes = 0; ; writes += 1) {
        let died = false;
        place.attempt((store) => {
          const dying = dyingAfter(store, writes);
          try {
            decideAlerts({ tenantId: "t1", store: dying, calendar: spanCalendar, cache }, command, now);
          } catch (error) {
            if (!(error instanceof Killed)) throw error;
            died = true;
          }
        });
        if (!died) return;
        deaths += 1;
      }
    });
    expect(deaths).toBeGreaterThan(100);
    expect(sent).toEqual(expected);
  });

  it("that dies before anything is handed out hands out the same ids later, but what was called back", () => {
    const place = make();
    play(place, new HubCache(), () => {});
    const isOut = (id: string) => place.store.findNotification(id)?.state !== "suppressed";
    const first = new Set(expected.map((line) => line.split(" ")[1] ?? "").filter(isOut));
    const parts = { tenantId: "t1", store: place.store, calendar: spanCalendar, cache: new HubCache() };
    const again = new Set<string>();
    for (let now = hour; now <= hour + 180_000; now += 60_000) {
      for (const { id } of decideAlerts(parts, { type: "tick" }, now).effects) again.add(id);
    }
    expect(again).toEqual(first);
  });
});

describe("the two stores", () => {
  it("lead to the same decisions", () => {
    expect(play(inSqlite(), new HubCache(), () => {})).toEqual(play(inMemory(), new HubCache(), () => {}));
  });

  it("say something worth comparing", () => {
    const sent = play(inMemory(), new HubCache(), () => {});
    expect(sent.length).toBeGreaterThanOrEqual(8);
    expect(sent.some((line) => line.includes('"kind":"digest"'))).toBe(true);
    expect(sent.some((line) => line.includes("flapping_started"))).toBe(true);
  });
});
