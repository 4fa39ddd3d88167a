import { describe, expect, it } from "vitest";
import type { Labels, Notification, RoutingConfig } from "../../../../../contracts/alerts.ts";
import { NamedPolicy, NotificationPreferences, OnCallDraft } from "../../../../../contracts/on-call.ts";
import { aRouting, aSignal, fingerprintOf, HubDriver, hour, minute } from "../../../../support/alert-hub.ts";

const disk = { name: "disk", severity: "critical" };
const fan = { name: "fan", severity: "warning" };

/** Kim is on call, then Lee is told, then the channel "boss"; five minutes between them. */
const policy = (changes: object = {}) =>
  NamedPolicy.parse({
    name: "Page",
    steps: [
      { targets: [{ kind: "schedule", id: "night" }], waitMs: 5 * minute, repeat: 1 },
      { targets: [{ kind: "user", id: "lee" }], waitMs: 5 * minute },
      { targets: [{ kind: "channel", id: "boss" }], waitMs: 5 * minute },
    ],
    ...changes,
  });
const schedule = (changes: object = {}) => ({
  ...OnCallDraft.parse({
    name: "Night",
    zone: "UTC",
    layers: [
      {
        name: "one",
        participants: ["kim"],
        startsOn: "1970-01-01",
        handoverAt: "00:00",
        turn: { unit: "day", count: 1 },
      },
    ],
    fallback: { kind: "channel", id: "boss" },
    ...changes,
  }),
  overrides: [],
});
const person = (channelId: string, changes: object = {}) =>
  NotificationPreferences.parse({ contacts: [{ channelId }], ...changes });
const routing = (changes: Partial<RoutingConfig> = {}) =>
  aRouting({
    route: { receiver: "ops", groupWaitMs: 0, groupIntervalMs: minute, escalation: "page" },
    receivers: [{ name: "ops", channels: [] }],
    ...changes,
  });

function aHub(given: { policy?: object; kim?: object; lee?: object; routing?: Partial<RoutingConfig> } = {}) {
  const { timeIntervals = {} } = given.routing ?? {};
  const hub = new HubDriver(aRouting({ timeIntervals }));
  const put = { type: "put_entry" as const, mode: "any" as const, by: "user:kim" };
  const say = (reply: { ok: boolean }) => expect(reply).toMatchObject({ ok: true });
  say(hub.at(0, { ...put, kind: "person", id: "kim", body: person("kim-phone", given.kim) }));
  say(hub.at(0, { ...put, kind: "person", id: "lee", body: person("lee-phone", given.lee) }));
  say(hub.at(0, { ...put, kind: "schedule", id: "night", body: schedule() }));
  say(hub.at(0, { ...put, kind: "policy", id: "page", body: policy(given.policy) }));
  say(hub.at(0, { type: "set_config", config: routing(given.routing) }));
  return hub;
}
const fire = (hub: HubDriver, at: number, labels: Labels) =>
  hub.signal(at, aSignal(labels, { startsAt: at }));
const end = (hub: HubDriver, at: number, labels: Labels, startsAt = 0) =>
  hub.signal(at, aSignal(labels, { startsAt, endsAt: at, updatedAt: at }));
const ack = (labels: Labels, untilAt: number | null = null) =>
  ({ type: "acknowledge", fingerprint: fingerprintOf(labels), by: "user:kim", untilAt }) as const;
const escalated = (hub: HubDriver, labels: Labels) =>
  hub.store
    .timeline(fingerprintOf(labels), hub.now, 100)
    .filter(({ type }) => type === "escalated")
    .map(({ at, data }) => [at / minute, data.what, data.reason ?? data.step]);

describe("an escalation", () => {
  it("tells who is on call, again, then the next ones, until its steps are done", () => {
    const hub = aHub();
    fire(hub, 0, disk);
    hub.until(2 * hour);
    expect(hub.said()).toEqual([
      "0 kim-phone +disk",
      `${5 * minute} kim-phone +disk`,
      `${10 * minute} lee-phone +disk`,
      `${15 * minute} boss +disk`,
    ]);
    expect(hub.heard.map(({ notification }) => notification.escalation)).toEqual(
      [
        [0, 1, "kim"],
        [0, 2, "kim"],
        [1, 1, "lee"],
        [2, 1, null],
      ].map(([step, attempt, userId]) => ({
        policyId: "page",
        policyName: "Page",
        round: 0,
        step,
        attempt,
        userId,
      })),
    );
    expect(escalated(hub, disk)[0]).toEqual([20, "exhausted", undefined]);
    expect(hub.events.map(({ type }) => type)).toContain("escalation.exhausted");
  });

  it("stops when somebody takes care, and tells the end to those who were told, once", () => {
    const hub = aHub();
    fire(hub, 0, disk);
    hub.at(6 * minute, ack(disk));
    hub.until(hour);
    expect(hub.said()).toEqual(["0 kim-phone +disk", `${5 * minute} kim-phone +disk`]);
    end(hub, hour, disk);
    hub.until(5 * hour);
    expect(hub.said().slice(2)).toEqual([`${hour} kim-phone -disk`]);
    expect(hub.store.escalations("", 9)).toEqual([]);
  });

  it("goes on when the acknowledgement is worth no more, or was taken back", () => {
    const hub = aHub({ policy: { ackTimeoutMs: 10 * minute } });
    fire(hub, 0, disk);
    hub.at(minute, ack(disk, 5 * hour));
    expect(hub.store.findAlert(fingerprintOf(disk))?.acknowledged?.untilAt).toBe(11 * minute);
    hub.until(12 * minute);
    expect(hub.said().slice(1)).toEqual([`${11 * minute} kim-phone +disk`]);
    hub.at(13 * minute, ack(disk));
    hub.at(14 * minute, { type: "unacknowledge", fingerprint: fingerprintOf(disk), by: "user:kim" });
    expect(hub.said().slice(2)).toEqual([`${14 * minute} kim-phone +disk`]);
    expect(new Set(hub.heard.map(({ notification }) => notification.id)).size).toBe(3);
  });

  it("is taken up again when something else fires in a group that somebody takes care of", () => {
    const hub = aHub();
    fire(hub, 0, disk);
    hub.at(minute, ack(disk));
    fire(hub, 2 * minute, fan);
    expect(hub.said()).toEqual(["0 kim-phone +disk", `${2 * minute} kim-phone +disk +fan`]);
  });

  it("does not begin for what is muted, and ends when all is", () => {
    const hub = aHub();
    fire(hub, 0, disk);
    const silence = {
      matchers: [{ name: "name", op: "=" as const, value: "disk" }],
      startsAt: minute,
      endsAt: 30 * minute,
      reason: "work",
    };
    hub.at(minute, { type: "put_silence", id: "s", silence, by: "kim" });
    hub.until(29 * minute);
    expect(hub.said()).toEqual(["0 kim-phone +disk"]);
    expect(escalated(hub, disk)[0]).toEqual([1, "stopped", "muted"]);
    hub.until(31 * minute);
    expect(hub.said().slice(1)).toEqual([`${30 * minute} kim-phone +disk`]);
  });

  it("passes over steps for other severities and other times", () => {
    const early = { early: [{ times: [{ from: "00:00", until: "01:00" }], zone: "UTC" }] };
    const steps = [
      {
        targets: [{ kind: "user", id: "kim" }],
        waitMs: minute,
        onlyIf: { severities: ["critical"] },
      },
      { targets: [{ kind: "user", id: "lee" }], waitMs: minute, onlyIf: { interval: "early" } },
      { targets: [{ kind: "channel", id: "boss" }], waitMs: minute },
    ];
    const hub = aHub({ policy: { steps }, routing: { timeIntervals: early } });
    fire(hub, 0, fan);
    expect(hub.said()).toEqual(["0 lee-phone +fan"]);
    fire(hub, 2 * hour, { ...fan, host: "b" });
    const other = aHub({ policy: { steps }, routing: { timeIntervals: early } });
    fire(other, 2 * hour, fan);
    expect(other.said()).toEqual([`${2 * hour} boss +fan`]);
  });

  it("falls back where who is on call can't be reached, and says when nobody can", () => {
    const hub = aHub({ kim: { contacts: [] }, lee: { contacts: [] } });
    fire(hub, 0, disk);
    hub.until(11 * minute);
    expect(hub.said()).toEqual(["0 boss +disk", `${5 * minute} boss +disk`]);
    const [row] = hub.store.timeline(fingerprintOf(disk), hub.now, 1);
    expect(row?.data).toMatchObject({ step: 1, told: [], unreached: [{ kind: "user", id: "lee" }] });
  });

  it("ends when no route asks for it any more", () => {
    const hub = aHub();
    fire(hub, 0, disk);
    hub.at(minute, { type: "set_config", config: aRouting() });
    hub.until(hour);
    expect(hub.said().filter((said) => said.includes("kim"))).toHaveLength(1);
    expect(hub.store.escalations("", 9)).toEqual([]);
  });
});

describe("a person", () => {
  const night = { quietHours: [{ times: [{ from: "00:00", until: "06:00" }], zone: "UTC" }] };

  it("is told after quiet hours what still fires, in one message, and at once what is urgent", () => {
    const hub = aHub({ kim: night, routing: { route: { ...routing().route, groupBy: ["name"] } } });
    fire(hub, minute, fan);
    fire(hub, 2 * minute, { name: "belt", severity: "warning" });
    fire(hub, 3 * minute, { name: "gone", severity: "warning" });
    end(hub, 4 * minute, { name: "gone", severity: "warning" }, 3 * minute);
    fire(hub, 5 * minute, disk);
    hub.until(8 * hour);
    const toKim = hub.said().filter((said) => said.includes("kim"));
    expect(toKim).toEqual([
      `${5 * minute} kim-phone +disk`,
      `${10 * minute} kim-phone +disk`,
      `${6 * hour} kim-phone +belt +fan`,
    ]);
    expect(hub.heard.at(-1)?.notification).toMatchObject({ kind: "digest", receiver: "user:kim" });
  });

  it("hears in the morning of the end of what they were told of before the night", () => {
    const day = { quietHours: [{ times: [{ from: "01:00", until: "06:00" }], zone: "UTC" }] };
    const hub = aHub({ kim: day });
    fire(hub, 50 * minute, fan);
    hub.at(55 * minute, ack(fan));
    end(hub, 2 * hour, fan, 50 * minute);
    hub.until(8 * hour);
    const toKim = hub.said().filter((said) => said.includes("kim"));
    expect(toKim).toEqual([`${50 * minute} kim-phone +fan`, `${6 * hour} kim-phone -fan`]);
  });

  it("gathers a digest, without what somebody took care of meanwhile", () => {
    const hub = aHub({
      kim: { digestMs: 20 * minute, urgentSeverities: [] },
      routing: { route: { ...routing().route, groupBy: ["name"] } },
    });
    fire(hub, 0, disk);
    fire(hub, minute, fan);
    hub.at(2 * minute, ack(disk));
    hub.until(25 * minute);
    const digest = hub.heard.find(({ notification }) => notification.channelId === "kim-phone");
    expect([digest?.at, digest?.notification.kind]).toEqual([20 * minute, "digest"]);
    expect(digest?.notification.alerts.map(({ labels }) => labels.name)).toEqual(["fan"]);
  });

  it("is reached by severity", () => {
    const contacts = [
      { channelId: "kim-phone", severities: ["critical"], atMostOnce: true },
      { channelId: "kim-mail" },
    ];
    const hub = aHub({ kim: { contacts } });
    fire(hub, 0, fan);
    expect(hub.said()).toEqual(["0 kim-mail +fan"]);
    const other = aHub({ kim: { contacts } });
    fire(other, 0, disk);
    expect(
      other.heard.map(({ notification: { channelId, atMostOnce } }: { notification: Notification }) => [
        channelId,
        atMostOnce,
      ]),
    ).toEqual([
      ["kim-phone", true],
      ["kim-mail", false],
    ]);
  });
});

describe("what is written down", () => {
  const put = { type: "put_entry" as const, mode: "known" as const, by: "user:kim" };

  it("has a version, and refuses a change of another one and of what is not there", () => {
    const hub = aHub();
    const change = (expected?: number) =>
      hub.at(0, {
        ...put,
        kind: "policy",
        id: "page",
        body: policy({ name: "Other" }),
        ...(expected === undefined ? {} : { expected }),
      });
    expect(change(1)).toMatchObject({ ok: true, entry: { version: 2 } });
    expect(change(1)).toMatchObject({ ok: false, failure: { kind: "precondition_failed" } });
    expect(change()).toMatchObject({ ok: true, entry: { version: 3 } });
    const none = hub.at(0, { ...put, kind: "policy", id: "none", body: policy() });
    expect(none).toMatchObject({ ok: false, failure: { code: "alerts.unknown_entry" } });
  });

  it("is not deleted while something names it", () => {
    const hub = aHub();
    const gone = (kind: "policy" | "schedule", id: string) => hub.at(0, { type: "delete_entry", kind, id });
    for (const [kind, id] of [
      ["policy", "page"],
      ["schedule", "night"],
    ] as const)
      expect(gone(kind, id)).toMatchObject({ ok: false, failure: { code: "alerts.entry_in_use" } });
    hub.at(0, { type: "set_config", config: aRouting() });
    expect(gone("policy", "page")).toEqual({ ok: true });
    expect(gone("schedule", "night")).toEqual({ ok: true });
  });

  it("is refused with a pointer where it names what is not there", () => {
    const hub = aHub();
    const bad = policy({
      steps: [{ targets: [{ kind: "team", id: "x" }], waitMs: 0, onlyIf: { interval: "y" } }],
    });
    expect(hub.at(0, { ...put, kind: "policy", id: "page", body: bad })).toMatchObject({
      failure: { errors: [{ pointer: "/steps/0/targets/0/id" }, { pointer: "/steps/0/onlyIf/interval" }] },
    });
    const layers = [{ ...schedule().layers[0], endsOn: "1969-01-01" }];
    const odd = { ...schedule(), zone: "Mars/Base", layers: layers as ReturnType<typeof schedule>["layers"] };
    expect(hub.at(0, { ...put, kind: "schedule", id: "night", body: odd })).toMatchObject({
      failure: { errors: [{ pointer: "/zone" }, { pointer: "/layers/0/endsOn" }] },
    });
    const config = aRouting({ route: { receiver: "ops", escalation: "none" } });
    expect(hub.at(0, { type: "set_config", config })).toMatchObject({
      failure: { errors: [{ pointer: "/route/escalation", code: "unknown" }] },
    });
  });
});
