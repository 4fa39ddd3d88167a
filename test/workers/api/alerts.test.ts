import { beforeAll, describe, expect, it } from "vitest";
import { alertsPort } from "../../../src/objects/alerts-port.ts";
import { bindings, eventually, newWorld, type World } from "../support/world.ts";

const at = (ms: number) => new Date(Date.now() + ms).toISOString();
const minute = 60_000;

describe("alerts", () => {
  let world: World;
  let channelId: string;
  beforeAll(async () => {
    world = await newWorld();
    const config = { kind: "webhook", url: "https://hooks.example.com/maru" };
    channelId = (await world.ok("POST /v1/channels", { json: { name: "hook", config } })).body.id;
    await world.ok(`PATCH /v1/channels/${channelId}`, { json: { enabled: false } });
  });

  const routing = (more: object = {}) => ({
    route: { receiver: "ops", groupBy: ["host"], groupWaitMs: 0, groupIntervalMs: 200 },
    receivers: [{ name: "ops", channels: [{ channelId }] }],
    inhibitions: [],
    maintenance: [],
    timeIntervals: {},
    ...more,
  });
  const fire = async (labels: Record<string, string>): Promise<string> => {
    const { body } = await world.ok("POST /v1/alerts", { json: { alerts: [{ labels }] } });
    return body.fingerprints[0];
  };
  const why = (fingerprint: string) =>
    eventually("an answer", async () => {
      const { body } = await world.ok(`GET /v1/alerts/${fingerprint}/explanation`);
      return body.answers[0] as { outcome: string; reasons: { reason: string; by?: string }[] } | undefined;
    });
  const reasons = async (fingerprint: string) => (await why(fingerprint)).reasons.map(({ reason }) => reason);

  it("are muted by maintenance: for a span, by a calendar rule and in intervals, each named as the reason", async () => {
    const span = { kind: "span", from: at(-minute), until: at(minute) };
    const schedule = { kind: "rrule", rule: "FREQ=DAILY", startsAt: "2026-01-01T00:00", zone: "Asia/Seoul" };
    const recurring = { kind: "recurring", schedule, durationMs: 86_400_000 };
    const intervals = { kind: "intervals", intervals: [{ times: [{ from: "00:00", until: "24:00" }] }] };
    const windows = Object.entries({ span, recurring, intervals }).map(([name, times]) => ({
      id: name,
      name,
      matchers: [{ name: "work", op: "=", value: name }],
      times,
      mode: "mute",
    }));
    await world.ok("PUT /v1/routing", { json: routing({ maintenance: windows }) });
    for (const name of ["span", "recurring", "intervals"]) {
      const answer = await why(await fire({ alertname: "Disk", host: name, work: name }));
      expect([answer.outcome, answer.reasons[0]]).toEqual([
        "suppressed",
        expect.objectContaining({ reason: "maintenance", by: name }),
      ]);
    }
    expect((await why(await fire({ alertname: "Disk", host: "free" }))).outcome).toBe("sent");
  });

  it("are inhibited while another fires on the same host, and held outside their time intervals", async () => {
    const never = [{ years: ["2001"] }];
    const inhibition = {
      id: "down",
      source: [{ name: "alertname", op: "=", value: "Down" }],
      target: [{ name: "alertname", op: "!=", value: "Down" }],
      equal: ["host"],
    };
    const routes = [{ matchers: [{ name: "team", op: "=", value: "day" }], activeIntervals: ["never"] }];
    const changes = { inhibitions: [inhibition], timeIntervals: { never } };
    const { route } = routing();
    await world.ok("PUT /v1/routing", { json: routing({ ...changes, route: { ...route, routes } }) });
    await fire({ alertname: "Down", host: "inhibited" });
    expect(await reasons(await fire({ alertname: "Slow", host: "inhibited" }))).toContain("inhibition");
    expect(await reasons(await fire({ alertname: "Slow", host: "held", team: "day" }))).toEqual([
      "quiet_hours",
    ]);
  });

  it("are silenced with an owner, a reason and a live count, until nothing that it muted fires", async () => {
    await world.ok("PUT /v1/routing", { json: routing() });
    const matchers = [{ name: "host", op: "=~", value: "quiet-.*" }];
    const json = { matchers, endsAt: at(minute), reason: "moving racks", untilResolved: true };
    const { body: silence } = await world.ok("POST /v1/silences", { json });
    const fingerprint = await fire({ alertname: "Disk", host: "quiet-1" });
    expect(await why(fingerprint)).toMatchObject({
      outcome: "suppressed",
      reasons: [{ reason: "silence", by: silence.id }],
    });
    const mine = async () =>
      (await world.ok("GET /v1/silences")).body.silences.find(({ id }: { id: string }) => id === silence.id);
    expect(await mine()).toMatchObject({
      createdBy: await world.self(),
      reason: "moving racks",
      state: "active",
      suppressing: 1,
    });
    const later = at(5 * minute);
    const changed = await world.ok(`PATCH /v1/silences/${silence.id}`, { json: { endsAt: later } });
    expect(changed.body).toMatchObject({ endsAt: later, reason: "moving racks", untilResolved: true });
    const other = [{ name: "host", op: "=", value: "b" }];
    const refused = await world.call(`PATCH /v1/silences/${silence.id}`, { json: { matchers: other } });
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, "/matchers"]);
    await world.ok(`POST /v1/alerts/${fingerprint}:resolve`, { json: {} });
    await eventually("the silence ends", async () => (await mine()) === undefined);
  });

  it("are listed by status, severity, rule and labels", async () => {
    const busy = await fire({ alertname: "Listed", host: "l-1", severity: "critical" });
    const idle = await fire({ alertname: "Listed", host: "l-2", severity: "info" });
    await world.ok(`POST /v1/alerts/${idle}:resolve`, { json: {} });
    const list = async (query: string) => {
      const match = `match=${encodeURIComponent('alertname="Listed"')}`;
      const { body } = await world.ok(`GET /v1/alerts?${query === "" ? match : `${query}&${match}`}`);
      return body.items.map(({ fingerprint }: { fingerprint: string }) => fingerprint);
    };
    expect(await list("status=firing")).toEqual([busy]);
    expect(await list("severity=info")).toEqual([idle]);
    expect((await list("rule=sent")).sort()).toEqual([busy, idle].sort());
    expect(await list("acknowledged=true")).toEqual([]);
    const bad = await world.call(`GET /v1/alerts?match=${encodeURIComponent('host=~"("')}`);
    expect([bad.status, bad.body.code, bad.body.errors[0].pointer]).toEqual([
      422,
      "alerts.bad_matchers",
      "/query/match",
    ]);
    const first = await world.ok("GET /v1/alerts?limit=1");
    const second = await world.ok(`GET /v1/alerts?limit=1&cursor=${first.body.nextCursor}`);
    expect(second.body.items[0].fingerprint).not.toBe(first.body.items[0].fingerprint);
  });

  it("have a routing that is refused whole, with a pointer to each thing that can't be", async () => {
    const json = {
      route: { receiver: "ops", escalation: "none" },
      receivers: [{ name: "ops", channels: [{ channelId: "chn_none" }] }],
      inhibitions: [],
      maintenance: [],
      timeIntervals: {},
    };
    const pointers = async (changes: object) => {
      const { status, body } = await world.call("PUT /v1/routing", { json: { ...json, ...changes } });
      return [status, ...body.errors.map(({ pointer }: { pointer: string }) => pointer)];
    };
    expect(await pointers({})).toEqual([422, "/receivers/0/channels/0/channelId"]);
    expect(await pointers({ receivers: [{ name: "ops", channels: [] }] })).toEqual([
      422,
      "/route/escalation",
    ]);
    const timeIntervals = {
      day: [{ weekdays: ["someday"] }, { times: [{ from: "22:00", until: "06:00" }] }],
    };
    expect(await pointers({ timeIntervals })).toEqual([
      422,
      "/timeIntervals/day/0/weekdays/0",
      "/timeIntervals/day/1/times/0",
    ]);
    const times = { kind: "span", from: at(minute), until: at(0) };
    const maintenance = [{ id: "m", name: "m", matchers: [], times, mode: "mute" }];
    expect(await pointers({ maintenance })).toEqual([422, "/maintenance/0/times/until"]);
    await fire({ alertname: "StillTaken", host: "x" });
  });

  it("are escalated by schedules whose versions are kept apart, with overrides that come and go", async () => {
    const json = { name: "Kim", role: "developer", password: "correct horse battery staple" };
    const email = `${world.name("kim")}@example.com`;
    const { body: user } = await world.ok("POST /v1/users", { json: { ...json, email } });
    const schedule = {
      name: "first",
      zone: "Asia/Seoul",
      layers: [],
      fallback: { kind: "channel", id: channelId },
    };
    const made = await world.ok("POST /v1/on-call-schedules", { json: schedule });
    const path = `/v1/on-call-schedules/${made.body.id}`;
    const onCall = async (query = "") => (await world.ok(`GET ${path}/on-call${query}`)).body;
    expect((await onCall()).now).toMatchObject({ source: "fallback", target: { id: channelId } });
    const override = { userId: user.id, from: at(-minute), until: at(60 * minute) };
    const { body: overridden } = await world.ok(`POST ${path}/overrides`, { json: override });
    const now = await onCall();
    expect(now.now).toMatchObject({ source: "override", target: { kind: "user", id: user.id } });
    expect(now.shifts.map(({ onCall: { source } }: { onCall: { source: string } }) => source)).toEqual([
      "override",
      "fallback",
    ]);
    const stale = await world.call(`PUT ${path}`, { json: schedule, headers: { "if-match": '"v1"' } });
    expect([stale.status, stale.body.code]).toEqual([412, "version.changed"]);
    const replaced = await world.ok(`PUT ${path}`, { json: schedule, headers: { "if-match": '"v2"' } });
    expect(replaced.body.overrides).toHaveLength(1);
    const { id } = overridden.overrides[0];
    await world.ok(`POST ${path}/overrides/${id}:end`, { json: {} });
    expect((await onCall()).now.source).toBe("fallback");
    expect((await world.call(`POST ${path}/overrides/${id}:end`, { json: {} })).body.code).toBe(
      "alerts.override_over",
    );
    const steps = [{ targets: [{ kind: "schedule", id: made.body.id }], waitMs: minute }];
    await world.ok("POST /v1/escalation-policies", { json: { name: "page", steps } });
    const used = await world.call(`DELETE ${path}`);
    expect([used.status, used.body.code]).toEqual([409, "alerts.entry_in_use"]);
  });

  it("reach people as they themselves say, and nobody else says it for them", async () => {
    const json = { name: "Viewer", role: "viewer", password: "correct horse battery staple" };
    const email = `${world.name("viewer")}@example.com`;
    const { body: user } = await world.ok("POST /v1/users", { json: { ...json, email } });
    const tenant = (await world.ok("GET /v1/me")).body.tenant.slug;
    const { body: session } = await world.ok("POST /v1/sessions", {
      as: null,
      json: { tenant, email, password: json.password },
    });
    const path = `/v1/users/${user.id}/notification-preferences`;
    const quietHours = [{ times: [{ from: "22:00", until: "24:00" }], zone: "Asia/Seoul" }];
    const preferences = { contacts: [{ channelId }], quietHours, digestMs: 600_000 };
    const own = { as: session.accessToken };
    expect((await world.ok(`GET ${path}`, own)).body).toMatchObject({ contacts: [], version: 0 });
    expect((await world.ok(`PUT ${path}`, { ...own, json: preferences })).body.version).toBe(1);
    const me = (await world.ok("GET /v1/users?limit=200")).body.items.find(
      (one: { id: string }) => one.id !== user.id,
    );
    const others = await world.call(`PUT /v1/users/${me.id}/notification-preferences`, {
      ...own,
      json: preferences,
    });
    expect([others.status, others.body.code]).toEqual([403, "alerts.not_yours"]);
    const wrong = { ...preferences, quietHours: [{ times: [{ from: "22:00", until: "06:00" }] }] };
    const refused = await world.call(`PUT ${path}`, { ...own, json: wrong });
    expect(refused.body.errors[0].pointer).toBe("/quietHours/0/times/0");
  });

  it("are refused without a label and with an end before their start, each with a pointer", async () => {
    const alerts = [
      { labels: { alertname: "Disk" }, startsAt: at(0), endsAt: at(-minute) },
      { labels: {} },
      { labels: { alertname: "" } },
      { labels: { alertname: "Disk" }, endsAt: at(-minute) },
    ];
    const { status, body } = await world.call("POST /v1/alerts", { json: { alerts } });
    expect([status, body.errors.map((error: { pointer: string }) => error.pointer)]).toEqual([
      422,
      ["/alerts/0/endsAt", "/alerts/1/labels", "/alerts/2/labels"],
    ]);
  });

  it("end with the reason that their sender gives, and keep their texts", async () => {
    const alerts = alertsPort(bindings);
    const labels = { alertname: "Retired", host: "r" };
    const signal = {
      lineage: "rul_x.1",
      labels,
      annotations: { summary: "busy" },
      startsAt: Date.now() - 1000,
      endsAt: null,
      updatedAt: Date.now() - 1000,
      seq: 0,
    };
    const end = {
      ...signal,
      annotations: {},
      endsAt: Date.now(),
      updatedAt: Date.now(),
      reason: "rule_disabled",
    };
    await alerts.execute(world.tenantId, { type: "signal", signals: [signal] });
    await alerts.execute(world.tenantId, { type: "signal", signals: [end] });
    const { body } = await world.ok("GET /v1/alerts?rule=rul_x");
    expect(body.items).toMatchObject([{ status: "resolved", annotations: { summary: "busy" } }]);
    const { timeline } = (await world.ok(`GET /v1/alerts/${body.items[0].fingerprint}`)).body;
    const resolved = timeline.find(({ type }: { type: string }) => type === "resolved");
    expect(resolved.data).toMatchObject({ reason: "rule_disabled" });
  });
});
