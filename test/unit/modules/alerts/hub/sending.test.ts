import { describe, expect, it } from "vitest";
import type { Labels, Route } from "../../../../../contracts/alerts.ts";
import { aRouting, aSignal, HubDriver, hour, minute, second } from "../../../../support/alert-hub.ts";

const quick = (changes: Partial<Route> = {}): Route => ({
  receiver: "ops",
  groupWaitMs: 1000,
  groupIntervalMs: 1000,
  repeatIntervalMs: 1,
  ...changes,
});
const named = (name: string, labels: Labels = {}) => ({ name, ...labels });
const fires = (name: string, startsAt: number, updatedAt = startsAt) =>
  aSignal(named(name), { startsAt, updatedAt });
const ends = (name: string, startsAt: number, endsAt: number, updatedAt = endsAt) =>
  aSignal(named(name), { startsAt, endsAt, updatedAt });

describe("sending", () => {
  it("gathers alerts for the group wait, tells changes at the next tick and repeats after the repeat interval", () => {
    const hub = new HubDriver(aRouting({ route: quick({ repeatIntervalMs: 5000 }) }));
    hub.signal(1100, fires("1", 1000, 1100));
    hub.signal(1700, fires("5", 1000, 1700));
    hub.signal(3300, fires("2", 1500, 3300), fires("3", 1500, 3300), fires("4", 1600, 3300));
    hub.until(14_000);
    expect(hub.said()).toEqual([
      "2100 slack +1 +5",
      "4100 slack +1 +2 +3 +4 +5",
      "9100 slack +1 +2 +3 +4 +5",
    ]);
    expect(hub.heard.map(({ notification }) => notification.repeat)).toEqual([false, false, true]);
  });

  it("repeats at the first tick that is not before the repeat interval", () => {
    const hub = new HubDriver(aRouting({ route: { receiver: "ops", repeatIntervalMs: 12 * minute } }));
    hub.signal(0, fires("a", 0));
    hub.until(35 * minute);
    expect(hub.heard.map(({ at }) => at)).toEqual([30_000, 30_000 + 15 * minute, 30_000 + 30 * minute]);
  });

  it("uses the documented times when a route says nothing", () => {
    const hub = new HubDriver(aRouting());
    hub.signal(0, fires("a", 0));
    hub.signal(minute, fires("b", minute));
    hub.until(5 * hour);
    expect(hub.said()).toEqual([
      "30000 slack +a",
      `${30_000 + 5 * minute} slack +a +b`,
      `${30_000 + 5 * minute + 4 * hour} slack +a +b`,
    ]);
  });

  it("tells an ended alert once and forgets it, and ends what its sender stopped speaking of", () => {
    const hub = new HubDriver(
      aRouting({ route: quick({ groupIntervalMs: 5000, repeatIntervalMs: 4 * hour }) }),
    );
    const signals = ["a", "b", "c"].map((name) => ({ ...fires(name, 1000), expiresAfterMs: 10_000 }));
    hub.signal(1000, ...signals);
    hub.until(60_000);
    expect(hub.said()).toEqual(["2000 slack +a +b +c", "12000 slack -a -b -c"]);
    expect(hub.heard[1]?.notification).toMatchObject({
      status: "resolved",
      firingCount: 0,
      resolvedCount: 3,
    });
    expect(hub.heard[1]?.notification.alerts[0]?.endsAt).toBe(11_000);
    hub.until(hour);
    expect(hub.store.alerts("", 9)).toEqual([]);
  });

  it("keeps an ended alert for 15 minutes", () => {
    const hub = new HubDriver(aRouting());
    hub.signal(0, fires("a", 0));
    hub.signal(10 * minute, ends("a", 0, 10 * minute));
    hub.until(25 * minute - 1);
    expect(hub.store.alerts("", 9)).toHaveLength(1);
    hub.until(25 * minute);
    expect(hub.store.alerts("", 9)).toEqual([]);
  });

  it("leaves ends out where a channel doesn't want them, but knows that they were", () => {
    const hub = new HubDriver(
      aRouting({
        route: quick({ groupIntervalMs: 5000, repeatIntervalMs: 4 * hour }),
        receivers: [
          {
            name: "ops",
            channels: [
              { channelId: "all", sendResolved: true },
              { channelId: "firing", sendResolved: false },
            ],
          },
        ],
      }),
    );
    const until = (name: string, startsAt: number, at: number) => ({
      ...fires(name, startsAt, at),
      expiresAfterMs: 10_000,
    });
    hub.signal(1000, until("1", 1000, 1000), until("2", 1000, 1000));
    hub.signal(3000, ends("1", 1000, 4000, 3000), until("3", 3000, 3000));
    hub.signal(8000, until("3", 3000, 8000));
    hub.until(13_000);
    expect(hub.said()).toEqual([
      "2000 all +1 +2",
      "2000 firing +1 +2",
      "7000 all -1 +2 +3",
      "7000 firing +2 +3",
      "12000 all -2 +3",
    ]);
    hub.signal(14_000, ends("3", 3000, 14_000));
    hub.signal(18_000, fires("3", 18_000));
    hub.until(30_000);
    expect(hub.said().slice(5)).toEqual(["17000 all -3", "19000 all +3", "19000 firing +3"]);
  });

  it("says again what fires at every tick when the repeat interval is short", () => {
    const hub = new HubDriver(aRouting({ route: quick() }));
    hub.signal(1000, fires("a", 1000));
    hub.signal(3500, ends("a", 1000, 3000, 3500));
    hub.until(10_000);
    expect(hub.said()).toEqual(["2000 slack +a", "3000 slack +a", "4000 slack -a"]);
  });

  it("merges what several senders say of one alert", () => {
    const hub = new HubDriver(aRouting({ route: quick() }));
    const ann = (text: string) => ({ annotations: { ann: text } });
    hub.signal(1000, fires("a", 1100, 1000));
    hub.signal(1200, fires("a", 1000, 1200));
    hub.signal(2100, { ...fires("a", 2000, 2100), ...ann("v1") });
    hub.signal(3600, { ...fires("a", 1500, 3600), ...ann("v2") });
    hub.signal(4600, { ...ends("a", 3000, 4500, 4600), ...ann("v2") });
    hub.signal(
      4800,
      { ...ends("a", 2900, 4800), ...ann("v3") },
      { ...ends("a", 2900, 4100, 4800), ...ann("v3") },
    );
    hub.signal(5300, fires("a", 5300));
    hub.until(6500);
    const told = hub.heard.map(({ at, notification: { alerts } }) => [
      at,
      alerts[0]?.startsAt,
      alerts[0]?.endsAt,
      alerts[0]?.annotations.ann,
    ]);
    expect(told).toEqual([
      [2000, 1000, null, undefined],
      [3000, 1000, null, "v1"],
      [4000, 1000, null, "v2"],
      [5000, 1000, 4800, "v3"],
      [6300, 5300, null, undefined],
    ]);
  });

  it("does not tell again after a new configuration, and starts the groups' clocks anew", () => {
    const routing = aRouting({ route: quick({ groupIntervalMs: 6000, repeatIntervalMs: 10 * minute }) });
    const hub = new HubDriver(routing);
    hub.signal(1000, fires("1", 1000));
    hub.at(3000, { type: "set_config", config: routing });
    hub.signal(4000, fires("2", 4000));
    hub.until(20_000);
    expect(hub.said()).toEqual(["2000 slack +1", "9000 slack +1 +2"]);
  });

  it("does not tell an alert that arrives ended in a new group", () => {
    const hub = new HubDriver(aRouting());
    hub.signal(minute, ends("a", 0, 30 * second, minute));
    hub.until(10 * minute);
    expect(hub.said()).toEqual([]);
    expect(hub.store.groups("", 9)).toEqual([]);
  });

  it("tells at once what has fired for longer than the group waits", () => {
    const hub = new HubDriver(aRouting());
    hub.signal(hour, fires("old", 0, hour), fires("new", hour));
    expect(hub.said()).toEqual([`${hour} slack +new +old`]);
  });

  it("sends to each receiver of a tree by its own groups", () => {
    const hub = new HubDriver(
      aRouting({
        route: {
          ...quick({ groupBy: ["alert"], repeatIntervalMs: hour }),
          routes: [
            {
              matchers: [{ name: "env", op: "=", value: "prod" }],
              groupBy: ["alert", "cluster"],
              continue: true,
            },
            { matchers: [{ name: "kafka", op: "=", value: "yes" }], receiver: "kafka" },
          ],
        },
        receivers: [
          { name: "ops", channels: [{ channelId: "slack" }, { channelId: "mail" }] },
          { name: "kafka", channels: [{ channelId: "kafka" }] },
        ],
      }),
    );
    const one = (name: string, labels: Labels) => aSignal({ name, ...labels });
    hub.signal(
      0,
      one("1", { alert: "x" }),
      one("2", { alert: "x", env: "prod", cluster: "a" }),
      one("3", { alert: "x", env: "prod", cluster: "a" }),
      one("4", { alert: "x", env: "prod", cluster: "b", kafka: "yes" }),
    );
    hub.until(2000);
    expect(hub.said().sort()).toEqual([
      "1000 kafka +4",
      "1000 mail +1",
      "1000 mail +2 +3",
      "1000 mail +4",
      "1000 slack +1",
      "1000 slack +2 +3",
      "1000 slack +4",
    ]);
    const prod = hub.heard.find(({ notification }) => notification.alerts.length === 2)?.notification;
    expect(prod).toMatchObject({
      groupKey: '{}/{env="prod"}:{alert="x", cluster="a"}',
      groupLabels: { alert: "x", cluster: "a" },
      commonLabels: { alert: "x", env: "prod", cluster: "a" },
      receiver: "ops",
      omitted: 0,
    });
  });

  it("rings late without losing or doubling a message, and comes back to its ticks", () => {
    const hub = new HubDriver(aRouting());
    hub.signal(0, fires("a", 0));
    hub.until(30_000);
    hub.wakeAt = null;
    hub.signal(3 * hour, fires("b", 3 * hour));
    hub.until(3 * hour + 10 * minute);
    expect(hub.said()).toEqual(["30000 slack +a", `${3 * hour} slack +a +b`]);
    const group = hub.store.groups("", 1)[0];
    expect(((group?.due ?? 0) - 30_000) % (5 * minute)).toBe(0);
  });

  it("says how many alerts did not fit into a message", () => {
    const hub = new HubDriver(aRouting({ route: quick() }));
    const many = Array.from({ length: 700 }, (_, n) => fires(`a${n}`, n));
    hub.signal(1000, ...many);
    hub.until(2000);
    const notification = hub.heard[0]?.notification;
    expect(notification?.alerts.length).toBe(500);
    expect(notification).toMatchObject({ omitted: 200, firingCount: 700 });
    expect(notification?.alerts[0]?.labels.name).toBe("a0");
  });
});
