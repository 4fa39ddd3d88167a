import { describe, expect, it } from "vitest";
import type { AlertSignal, Labels, RoutingConfig } from "../../../../../contracts/alerts.ts";
import { explainNotification } from "../../../../../src/modules/alerts/explain-notification.ts";
import { silenceCounts } from "../../../../../src/modules/alerts/silences/silence-counts.ts";
import { aRouting, aSignal, fingerprintOf, HubDriver, hour, minute } from "../../../../support/alert-hub.ts";

const route = { receiver: "ops", groupWaitMs: 1000, groupIntervalMs: 1000, repeatIntervalMs: hour };
const is = (name: string, value: string) => ({ name, op: "=" as const, value });
const fires = (labels: Labels, startsAt: number, changes: Partial<AlertSignal> = {}) =>
  aSignal(labels, { startsAt, ...changes });
const ends = (labels: Labels, startsAt: number, endsAt: number, changes: Partial<AlertSignal> = {}) =>
  aSignal(labels, { startsAt, endsAt, updatedAt: endsAt, ...changes });
const hubWith = (changes: Partial<RoutingConfig> = {}) => new HubDriver(aRouting({ route, ...changes }));

/** The reasons that stand against an alert at an instant, the weightiest first. */
function reasons(hub: HubDriver, labels: Labels, at: number, channelId?: string): (string | undefined)[] {
  const { answers } = explainNotification(hub.store, fingerprintOf(labels), at);
  const answer = answers.find((candidate) => channelId === undefined || candidate.channelId === channelId);
  return answer?.outcome === "sent" ? ["sent"] : (answer?.reasons ?? []).map(({ reason }) => reason);
}

const a = { name: "a", host: "h1" };
const b = { name: "b", host: "h2" };

describe("a silence", () => {
  const silence = { matchers: [is("host", "h1")], startsAt: 0, endsAt: 10_000, reason: "disk swap" };

  it("mutes from its start until its end and not at its end", () => {
    const hub = hubWith();
    hub.at(0, { type: "put_silence", id: "s1", silence, by: "kim" });
    hub.signal(1000, fires(a, 1000), fires(b, 1000));
    hub.until(20_000);
    expect(hub.said()).toEqual(["2000 slack +b", "10000 slack +a +b"]);
    expect(reasons(hub, a, 9999)).toEqual(["silence"]);
    const types = hub.events.map(({ type }) => type).filter((type) => type.startsWith("silence"));
    expect(types).toEqual(["silence.created", "silence.ended"]);
  });

  it("that mutes all that was told does not make it news when it ends", () => {
    const hub = hubWith();
    hub.signal(1000, fires(a, 1000));
    hub.at(4000, { type: "put_silence", id: "s1", silence: { ...silence, startsAt: 4000 }, by: "kim" });
    hub.until(20_000);
    expect(hub.said()).toEqual(["2000 slack +a"]);
  });

  it("that is pending mutes nothing yet", () => {
    const hub = hubWith();
    hub.at(0, { type: "put_silence", id: "s1", silence: { ...silence, startsAt: 5000 }, by: "kim" });
    hub.signal(1000, fires(a, 1000));
    hub.signal(4500, fires({ ...a, name: "late" }, 4500));
    hub.until(6000);
    expect(hub.said()).toEqual(["2000 slack +a"]);
    expect(hub.events.map(({ type }) => type)).toContain("silence.started");
  });

  it("says how many alerts it mutes now", () => {
    const hub = hubWith();
    hub.at(0, { type: "put_silence", id: "s1", silence, by: "kim" });
    hub.at(0, { type: "put_silence", id: "s2", silence: { ...silence, startsAt: 5000 }, by: "kim" });
    hub.signal(1000, fires(a, 1000), fires({ ...a, name: "c" }, 1000), fires(b, 1000));
    expect([...silenceCounts(hub.store, 2000)]).toEqual([["s1", 2]]);
    hub.signal(6000, ends(a, 1000, 6000));
    expect([...silenceCounts(hub.store, 6000)]).toEqual([
      ["s1", 1],
      ["s2", 1],
    ]);
    expect([...silenceCounts(hub.store, 10_000)]).toEqual([]);
  });

  it("until resolved ends when the last alert that it mutes has ended", () => {
    const hub = hubWith();
    const untilResolved = { ...silence, endsAt: hour, untilResolved: true };
    hub.at(0, { type: "put_silence", id: "s1", silence: untilResolved, by: "kim" });
    hub.signal(1000, fires(a, 1000), fires({ ...a, name: "c" }, 1000));
    hub.signal(5000, ends(a, 1000, 5000));
    expect(hub.store.findSilence("s1")?.endsAt).toBe(hour);
    hub.signal(6000, ends({ ...a, name: "c" }, 1000, 6000));
    expect(hub.store.findSilence("s1")).toMatchObject({ endsAt: 6000, endedBy: "resolved", due: null });
    hub.signal(8000, fires(a, 8000));
    hub.until(10_000);
    expect(hub.said()).toEqual(["9000 slack +a"]);
  });

  it("can be ended and changed, within its rules", () => {
    const hub = hubWith();
    hub.at(0, { type: "put_silence", id: "s1", silence, by: "kim" });
    const longer = { ...silence, endsAt: 30_000 };
    expect(hub.at(10, { type: "put_silence", id: "s1", silence: longer, by: "lee" })).toEqual({ ok: true });
    expect(hub.store.findSilence("s1")).toMatchObject({ createdBy: "kim", endsAt: 30_000 });
    const moved = { ...longer, startsAt: 5 };
    expect(hub.at(20, { type: "put_silence", id: "s1", silence: moved, by: "lee" })).toMatchObject({
      ok: false,
      failure: { kind: "invalid_input", errors: [{ pointer: "/startsAt" }] },
    });
    expect(hub.at(30, { type: "end_silence", id: "s1", by: "lee" })).toEqual({ ok: true });
    expect(hub.at(31, { type: "end_silence", id: "s1", by: "lee" })).toMatchObject({ ok: false });
    expect(hub.at(32, { type: "end_silence", id: "s9", by: "lee" })).toMatchObject({
      failure: { code: "alerts.unknown_silence" },
    });
  });
});

describe("inhibition", () => {
  const inhibitions = [
    {
      id: "i1",
      source: [is("alert", "JobDown")],
      target: [is("alert", "InstanceDown")],
      equal: ["job", "zone"],
    },
  ];
  const job = { name: "job", alert: "JobDown", job: "j", zone: "aa" };
  const inA = { name: "instA", alert: "InstanceDown", job: "j", zone: "aa" };
  const inB = { name: "instB", alert: "InstanceDown", job: "j", zone: "ab" };

  it("mutes the targets while the source fires, and they are told again once it has ended", () => {
    const hub = hubWith({ route: { ...route, repeatIntervalMs: 1000 }, inhibitions });
    hub.signal(1000, fires({ name: "other", job: "j" }, 1000), fires(inA, 1000), fires(inB, 1000));
    hub.signal(2200, fires(job, 2200));
    hub.signal(3600, ends(job, 2200, 3600));
    hub.until(4000);
    expect(hub.said()).toEqual([
      "2000 slack +instA +instB +other",
      "3000 slack +instB +job +other",
      "4000 slack +instA +instB -job +other",
    ]);
    expect(reasons(hub, inA, 3500)).toEqual(["inhibition", "dedupe"]);
  });

  it("lets both go into the last message when source and target end together", () => {
    const hub = hubWith({ route: { ...route, repeatIntervalMs: 1000 }, inhibitions });
    hub.signal(1000, fires(inA, 1000), fires(job, 1000));
    hub.signal(2600, ends(job, 1000, 2600), ends(inA, 1000, 2600));
    hub.until(9000);
    expect(hub.said()).toEqual(["2000 slack +job", "3000 slack -instA -job"]);
  });

  it("takes effect for alerts that were there before the rule", () => {
    const hub = hubWith();
    hub.signal(1000, fires(job, 1000), fires(inA, 1000));
    hub.at(1500, { type: "set_config", config: aRouting({ route, inhibitions }) });
    hub.until(5000);
    expect(hub.said()).toEqual(["2500 slack +job"]);
  });
});

describe("maintenance", () => {
  it("mutes what it covers while it is on, and the weightiest reason stands first", () => {
    const hub = hubWith({
      maintenance: [
        {
          id: "m1",
          name: "upgrade",
          mode: "mute",
          matchers: [is("host", "h1")],
          times: { kind: "span", from: "1970-01-01T00:00:00Z", until: "1970-01-01T00:00:05Z" },
        },
      ],
    });
    const silence = { matchers: [is("name", "a")], startsAt: 0, endsAt: 8000, reason: "x" };
    hub.at(0, { type: "put_silence", id: "s1", silence, by: "kim" });
    hub.signal(1000, fires(a, 1000), fires(b, 1000), fires({ ...a, name: "c" }, 1000));
    hub.until(9000);
    expect(hub.said()).toEqual(["2000 slack +b", "5000 slack +b +c", "8000 slack +a +b +c"]);
    expect(reasons(hub, a, 2000)).toEqual(["maintenance", "silence"]);
    expect(reasons(hub, a, 5000)).toEqual(["silence"]);
  });
});

describe("flapping", () => {
  it("is told once, mutes, and ends with one message that shows the state", () => {
    const hub = hubWith();
    hub.signal(0, fires(a, 0));
    hub.signal(2500, { ...ends(a, 0, 2500), flapping: true });
    for (let at = 3500; at < 8000; at += 1000) {
      hub.signal(at, fires(a, at, { flapping: true }));
      hub.signal(at + 500, ends(a, at, at + 500, { flapping: true }));
    }
    hub.signal(9500, fires(a, 9500, { flapping: false }));
    hub.until(20_000);
    expect(hub.said()).toEqual([
      "1000 slack +a",
      "3000 slack -a flapping_started",
      "10000 slack +a flapping_stopped",
    ]);
    expect(reasons(hub, a, 7000)).toEqual(["flapping", "dedupe"]);
  });

  it("that ends before it was told is not told at all", () => {
    const hub = hubWith();
    hub.signal(0, fires(a, 0));
    hub.signal(1100, fires(a, 0, { updatedAt: 1100, flapping: true }));
    hub.signal(1300, fires(a, 0, { updatedAt: 1300, flapping: false }));
    hub.until(20_000);
    expect(hub.said()).toEqual(["1000 slack +a"]);
  });

  it("does not keep an alert for ever whose rule says nothing more", () => {
    const hub = hubWith();
    hub.signal(0, fires(a, 0));
    hub.signal(2500, { ...ends(a, 0, 2500), flapping: true });
    hub.until(24 * hour);
    expect(hub.store.alerts("", 9)).toHaveLength(1);
    hub.until(26 * hour);
    expect([hub.store.alerts("", 9), hub.store.groups("", 9)]).toEqual([[], []]);
  });

  it("is not told while the alert is silenced", () => {
    const hub = hubWith();
    const silence = { matchers: [is("name", "a")], startsAt: 0, endsAt: hour, reason: "x" };
    hub.at(0, { type: "put_silence", id: "s1", silence, by: "kim" });
    hub.signal(0, fires(a, 0));
    hub.signal(1500, fires(a, 0, { updatedAt: 1500, flapping: true }));
    hub.until(10_000);
    expect(hub.said()).toEqual([]);
    expect(reasons(hub, a, 10_000)).toEqual(["silence", "flapping"]);
  });
});

describe("a cooldown", () => {
  const cool = (signal: AlertSignal): AlertSignal => ({ ...signal, cooldownMs: 10_000 });

  it("holds what is new about an alert back, without being extended by what it held", () => {
    const hub = hubWith();
    hub.signal(0, cool(fires(a, 0)));
    hub.signal(3500, cool(ends(a, 0, 3500)));
    hub.signal(5500, cool(fires(a, 5500)));
    hub.signal(7500, cool(ends(a, 5500, 7500)));
    hub.until(40_000);
    expect(hub.said()).toEqual(["1000 slack +a", "11000 slack -a"]);
    expect(reasons(hub, a, 8000)).toEqual(["cooldown"]);
  });

  it("says nothing at its end about an alert that came back meanwhile", () => {
    const hub = hubWith();
    hub.signal(0, cool(fires(a, 0)));
    hub.signal(3500, cool(ends(a, 0, 3500)));
    hub.signal(5500, cool(fires(a, 5500)));
    hub.until(40_000);
    expect(hub.said()).toEqual(["1000 slack +a"]);
  });

  it("does not hold back news of others in the group", () => {
    const hub = hubWith();
    hub.signal(0, cool(fires(a, 0)));
    hub.signal(2500, cool(ends(a, 0, 2500)), fires(b, 2500));
    hub.until(5000);
    expect(hub.said()).toEqual(["1000 slack +a", "3000 slack -a +b"]);
  });

  it("counts for each channel by itself", () => {
    const hub = hubWith({
      receivers: [
        {
          name: "ops",
          channels: [{ channelId: "slack" }, { channelId: "call", rateLimit: { max: 1, windowMs: 5000 } }],
        },
      ],
    });
    hub.signal(0, fires(b, 0));
    hub.until(1000);
    hub.signal(2500, cool(fires(a, 2500)));
    hub.signal(4500, cool(ends(a, 2500, 4500)));
    hub.until(20_000);
    expect(hub.said()).toEqual([
      "1000 slack +b",
      "1000 call +b",
      "3000 slack +a +b",
      "6000 call -a +b",
      "13000 slack -a +b",
    ]);
  });
});

describe("a rate limit", () => {
  it("holds messages until there is room, then tells the state of that time", () => {
    const hub = hubWith({
      route: { ...route, groupBy: ["host"] },
      receivers: [{ name: "ops", channels: [{ channelId: "sms", rateLimit: { max: 2, windowMs: 10_000 } }] }],
    });
    const on = (host: string) => ({ name: host, host });
    hub.signal(0, fires(on("1"), 0), fires(on("2"), 0), fires(on("3"), 0), fires(on("4"), 0));
    hub.signal(4000, ends(on("4"), 0, 4000));
    hub.until(30_000);
    expect(hub.said()).toEqual(["1000 sms +1", "1000 sms +2", "11000 sms +3"]);
    expect(reasons(hub, on("3"), 5000)).toEqual(["rate_limit"]);
  });
});

describe("quiet hours", () => {
  const timeIntervals = { night: [{ times: [{ from: "01:00", until: "02:00" }], zone: "UTC" }] };
  const quiet = (digest: boolean) => ({
    timeIntervals,
    receivers: [
      {
        name: "ops",
        channels: [{ channelId: "mail", quietHours: { interval: "night", digest } }, { channelId: "slack" }],
      },
    ],
  });

  it("hold messages of one channel and tell the state at the first tick after them", () => {
    const hub = hubWith({ ...quiet(false), route: { ...route, groupIntervalMs: 5 * minute } });
    hub.signal(hour, fires(a, hour));
    hub.signal(hour + 20 * minute, ends(a, hour, hour + 20 * minute), fires(b, hour + 20 * minute));
    hub.until(3 * hour - 1);
    const first = hour + 1000;
    expect(hub.said()).toEqual([
      `${first} slack +a`,
      `${first + 20 * minute} slack -a +b`,
      `${2 * hour + 1000} mail -a +b`,
      `${2 * hour + 20 * minute + 1000} slack +b`,
    ]);
    expect(reasons(hub, b, hour + 30 * minute, "mail")).toEqual(["quiet_hours"]);
  });

  it("end with one digest of all groups where that is asked for", () => {
    const hub = hubWith({
      ...quiet(true),
      route: { ...route, groupBy: ["host"], groupIntervalMs: 5 * minute, repeatIntervalMs: 10 * hour },
    });
    hub.signal(hour, fires(a, hour), fires(b, hour));
    hub.signal(hour + 20 * minute, ends(a, hour, hour + 20 * minute));
    hub.until(4 * hour);
    const mails = hub.heard.filter(({ notification }) => notification.channelId === "mail");
    expect(mails.map(({ at }) => at)).toEqual([2 * hour]);
    expect(mails[0]?.notification).toMatchObject({ kind: "digest", firingCount: 1, resolvedCount: 0 });
  });

  it("end with a digest that tells the end of what was told before them", () => {
    const hub = hubWith({
      ...quiet(true),
      route: { ...route, groupBy: ["host"], groupIntervalMs: 5 * minute, repeatIntervalMs: 10 * hour },
    });
    hub.signal(50 * minute, fires(a, 50 * minute));
    hub.signal(hour + 20 * minute, ends(a, 50 * minute, hour + 20 * minute));
    hub.until(4 * hour);
    expect(hub.said().filter((line) => line.includes("mail"))).toEqual([
      `${50 * minute + 1000} mail +a`,
      `${2 * hour} mail -a`,
    ]);
  });

  it("of a route mute it in them, and active times mute it outside", () => {
    const hub = hubWith({
      timeIntervals,
      route: {
        ...route,
        groupIntervalMs: 5 * minute,
        repeatIntervalMs: 10 * hour,
        routes: [
          { matchers: [is("name", "a")], muteIntervals: ["night"] },
          { matchers: [is("name", "b")], activeIntervals: ["night"] },
        ],
      },
    });
    hub.signal(30 * minute, fires(b, 30 * minute));
    hub.signal(90 * minute, fires(a, 90 * minute));
    hub.until(3 * hour);
    expect(hub.said()).toEqual([`${hour + 1000} slack +b`, `${2 * hour + 1000} slack +a`]);
  });
});
