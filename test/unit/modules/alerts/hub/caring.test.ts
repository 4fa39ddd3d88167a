import { describe, expect, it } from "vitest";
import { explainNotification } from "../../../../../src/modules/alerts/explain-notification.ts";
import { aRouting, aSignal, fingerprintOf, HubDriver, hour } from "../../../../support/alert-hub.ts";

const route = { receiver: "ops", groupWaitMs: 1000, groupIntervalMs: 1000, repeatIntervalMs: 5000 };
const a = { name: "a" };
const id = fingerprintOf(a);
const history = (hub: HubDriver) =>
  hub.store
    .timeline(id, Number.POSITIVE_INFINITY, 99)
    .toReversed()
    .filter(({ type }) => type !== "grouped" && type !== "verdict" && type !== "delivered")
    .map(({ at, type, data }) => `${at} ${type}${data.by === undefined ? "" : ` ${data.by}`}`);

describe("an acknowledgement", () => {
  it("stops repeats until it runs out", () => {
    const hub = new HubDriver(aRouting({ route }));
    hub.signal(0, aSignal(a));
    hub.at(1500, { type: "acknowledge", fingerprint: id, by: "kim", untilAt: 12_500, note: "on it" });
    hub.until(14_000);
    expect(hub.said()).toEqual(["1000 slack +a", "13000 slack +a"]);
    expect(history(hub)).toEqual(["0 fired", "1500 acknowledged kim", "12500 unacknowledged time"]);
    const types = hub.events.map(({ type }) => type).filter((type) => type.startsWith("alert."));
    expect(types).toEqual(["alert.fired", "alert.acknowledged", "alert.unacknowledged"]);
  });

  it("does not stop the end of the alert, nor news about others, and is shown", () => {
    const hub = new HubDriver(aRouting({ route }));
    hub.signal(0, aSignal(a));
    hub.at(1500, { type: "acknowledge", fingerprint: id, by: "kim", untilAt: null });
    hub.signal(2500, aSignal({ name: "b" }, { startsAt: 2500 }));
    hub.signal(4500, aSignal(a, { endsAt: 4500, updatedAt: 4500 }));
    hub.until(6000);
    expect(hub.said()).toEqual(["1000 slack +a", "3000 slack +a +b", "5000 slack -a +b"]);
    const shown = hub.heard[1]?.notification.alerts.find(({ labels }) => labels.name === "a");
    expect(shown?.acknowledgedBy).toBe("kim");
  });

  it("is gone when the alert fires anew, and can be taken back", () => {
    const hub = new HubDriver(aRouting({ route }));
    hub.signal(0, aSignal(a));
    hub.at(10, { type: "acknowledge", fingerprint: id, by: "kim", untilAt: null });
    expect(hub.at(20, { type: "unacknowledge", fingerprint: id, by: "lee" })).toEqual({ ok: true });
    expect(hub.store.findAlert(id)?.acknowledged).toBeNull();
    hub.at(30, { type: "acknowledge", fingerprint: id, by: "kim", untilAt: null });
    hub.signal(50, aSignal(a, { endsAt: 50, updatedAt: 50 }));
    hub.signal(60, aSignal(a, { startsAt: 60 }));
    expect(hub.store.findAlert(id)).toMatchObject({ noted: "firing", acknowledged: null });
  });

  it.each([
    [{ type: "acknowledge", fingerprint: "none", by: "kim", untilAt: null }, "alerts.unknown"],
    [{ type: "acknowledge", fingerprint: id, by: "kim", untilAt: 5 }, "alerts.until_in_the_past"],
    [{ type: "comment", fingerprint: "none", by: "kim", text: "?" }, "alerts.unknown"],
  ] as const)("is refused for %j", (command, code) => {
    const hub = new HubDriver(aRouting({ route }));
    hub.signal(0, aSignal(a));
    expect(hub.at(10, command)).toMatchObject({ ok: false, failure: { code } });
  });
});

describe("resolving by hand", () => {
  it("ends the alert, tells it, and lets its rule fire it again", () => {
    const hub = new HubDriver(aRouting({ route }));
    hub.signal(0, aSignal(a));
    hub.at(2500, { type: "resolve", fingerprint: id, by: "kim", note: "replaced" });
    expect(hub.at(2600, { type: "resolve", fingerprint: id, by: "kim" })).toMatchObject({
      failure: { code: "alerts.not_firing" },
    });
    hub.signal(6500, aSignal(a, { startsAt: 6500 }));
    hub.until(8000);
    expect(hub.said()).toEqual(["1000 slack +a", "3000 slack -a", "7500 slack +a"]);
    expect(history(hub)).toEqual(["0 fired", "2500 commented kim", "2500 resolved", "6500 fired"]);
  });

  it("keeps comments on the timeline", () => {
    const hub = new HubDriver(aRouting({ route }));
    hub.signal(0, aSignal(a));
    hub.at(5, { type: "comment", fingerprint: id, by: "kim", text: "디스크 교체 중" });
    const [first] = hub.store.timeline(id, 5, 1);
    expect(first).toMatchObject({ type: "commented", data: { by: "kim", text: "디스크 교체 중" } });
  });
});

describe("the explanation of a notification", () => {
  it("knows nothing of an alert that was never heard of", () => {
    const hub = new HubDriver(aRouting({ route }));
    expect(explainNotification(hub.store, "none", 5)).toEqual({
      fingerprint: "none",
      at: 5,
      status: undefined,
      answers: [],
      waiting: [],
    });
  });

  it("says what the answer was at each instant", () => {
    const hub = new HubDriver(aRouting({ route }));
    const silence = { matchers: [{ name: "name", op: "=" as const, value: "a" }], reason: "x" };
    hub.at(100, {
      type: "put_silence",
      id: "s1",
      silence: { ...silence, startsAt: 100, endsAt: 3500 },
      by: "kim",
    });
    hub.signal(500, aSignal(a, { startsAt: 500 }));
    hub.signal(6200, aSignal(a, { startsAt: 500, endsAt: 6200, updatedAt: 6200 }));
    hub.until(hour);
    const at = (instant: number) => explainNotification(hub.store, id, instant);
    expect(at(499)).toMatchObject({ status: undefined, answers: [] });
    expect(at(900)).toMatchObject({
      status: "firing",
      answers: [],
      waiting: [{ until: 1500, receiver: "ops" }],
    });
    expect(at(2000)).toMatchObject({
      status: "firing",
      waiting: [],
      answers: [
        {
          channelId: "slack",
          outcome: "suppressed",
          at: 1500,
          reasons: [{ reason: "silence", by: "s1", until: 3500 }],
        },
      ],
    });
    expect(at(4000)).toMatchObject({
      answers: [
        {
          outcome: "sent",
          at: 3500,
          notificationId: hub.heard[0]?.notification.id,
          delivery: { state: "sent" },
        },
      ],
    });
    expect(at(hour)).toMatchObject({
      status: "resolved",
      answers: [{ outcome: "sent", at: 6500, notificationId: hub.heard[1]?.notification.id }],
    });
  });

  it("names a receiver that has no channels, and a channel that does not want ends", () => {
    const hub = new HubDriver(aRouting({ route, receivers: [{ name: "ops", channels: [] }] }));
    hub.signal(0, aSignal(a));
    hub.until(1000);
    expect(explainNotification(hub.store, id, 1000).answers).toMatchObject([
      { channelId: "", outcome: "not_asked", receiver: "ops" },
    ]);
    const deaf = [{ name: "ops", channels: [{ channelId: "slack", sendResolved: false }] }];
    const other = new HubDriver(aRouting({ route, receivers: deaf }));
    other.signal(0, aSignal(a));
    other.signal(1500, aSignal(a, { endsAt: 1500, updatedAt: 1500 }));
    other.until(9000);
    expect(explainNotification(other.store, id, 9000).answers).toMatchObject([{ outcome: "not_asked" }]);
    expect(other.said()).toEqual(["1000 slack +a"]);
  });
});
