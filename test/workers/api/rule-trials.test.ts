import { beforeAll, describe, expect, it } from "vitest";
import { app } from "../../../src/app.ts";
import { bindings, eventually, newWorld } from "../support/world.ts";

type World = Awaited<ReturnType<typeof newWorld>>;

const hot = (limit: number, more: object = {}) => ({
  name: "hot rooms",
  key: ["data.room"],
  keyLabels: ["room"],
  trigger: { kind: "filter", value: "data.celsius" },
  condition: { kind: "static", of: "value", open: { op: ">", value: limit } },
  ...more,
});

const routing = {
  route: { receiver: "ops", groupBy: ["alertname"], groupWaitMs: 30_000 },
  receivers: [{ name: "ops", channels: [{ channelId: "chn_1" }] }],
  inhibitions: [],
  maintenance: [],
  timeIntervals: {},
};

describe("backtests", () => {
  let world: World;
  let source: string;
  let address: string;
  const began = new Date(Date.now() - 60_000).toISOString();
  const span = () => ({ from: began, to: new Date(Date.now() + 3_600_000).toISOString() });

  beforeAll(async () => {
    world = await newWorld();
    const { body } = await world.ok("POST /v1/sources", {
      json: { name: "rooms", kind: "cloudevents", proof: "token" },
    });
    source = body.id;
    address = `/in/${body.id}/${body.token}`;
    for (const [room, celsius] of [
      ["attic", 31],
      ["cellar", 12],
      ["kitchen", 36],
      ["attic", 20],
    ]) {
      await send({ room, celsius });
    }
  });

  let sent = 0;
  const send = async (data: object) => {
    const id = `e${++sent}`;
    const event = { specversion: "1.0", id, source: "/rooms", type: "room.sample", data };
    const request = new Request(`https://maru.test${address}`, {
      method: "POST",
      headers: { "content-type": "application/cloudevents+json" },
      body: JSON.stringify(event),
    });
    const works: Promise<unknown>[] = [];
    const context = {
      waitUntil: (work: Promise<unknown>) => void works.push(work),
      passThroughOnException() {},
      props: {},
    };
    const answer = await app.fetch(request, bindings, context as unknown as ExecutionContext);
    expect(answer.status).toBe(202);
    await Promise.all(works);
  };
  const newRule = async (definition: object) =>
    (await world.ok("POST /v1/rules", { json: { definition } })).body.id as string;

  it("replay what sources let in, with the events that made each alert and the notifications after grouping", async () => {
    const id = await newRule(hot(30));
    const json = { ...span(), sourceIds: [source], routing };
    const { body } = await world.ok(`POST /v1/rules/${id}:backtest`, { json });
    expect(body).toMatchObject({ version: 1, truncated: null, live: null, difference: null });
    expect(body.counts).toMatchObject({ events: 4, taken: 4, fired: 2, resolved: 1, keys: 3 });
    const seen = body.timeline.map(
      (one: { key: unknown[]; to: string; cause: { events: { id: string }[] } }) => [
        one.key[0],
        one.to,
        one.cause.events[0]?.id,
      ],
    );
    expect(seen).toEqual([
      ["attic", "firing", "e1"],
      ["kitchen", "firing", "e3"],
      ["attic", "normal", "e4"],
    ]);
    // The attic has ended before the group is told; the kitchen fires.
    expect(body.notifications).toMatchObject({ count: 1, byChannel: { chn_1: 1 }, items: [{ firing: 1 }] });
    const again = await world.ok(`POST /v1/rules/${id}:backtest`, { json });
    expect(again.body.hash).toBe(body.hash);
  });

  it("say what a draft would do otherwise than the live version, before it is published", async () => {
    const id = await newRule(hot(30, { name: "warm rooms" }));
    await world.ok(`POST /v1/rules/${id}/versions/1:validate`, { json: {} });
    await world.ok(`POST /v1/rules/${id}/versions/1:publish`, { json: {} });
    await world.ok(`POST /v1/rules/${id}/versions`, {
      json: { definition: hot(35, { name: "warm rooms" }) },
    });
    const { body } = await world.ok(`POST /v1/rules/${id}:backtest`, { json: span() });
    expect(body).toMatchObject({
      version: 2,
      counts: { fired: 1 },
      live: { version: 1, counts: { fired: 2 } },
      difference: { same: 1, fires: [], firesNoMore: [{ key: ["attic"] }] },
    });
    await world.ok(`POST /v1/rules/${id}/versions/2:validate`, { json: {} });
    expect((await world.call(`GET /v1/rules/${id}/shadow`)).body).toMatchObject({ code: "rules.no_shadow" });
    await world.ok(`POST /v1/rules/${id}/versions/2:shadow`, { json: {} });
    const shadow = await eventually("both versions are at work", async () => {
      const found = (await world.ok(`GET /v1/rules/${id}/shadow?hours=1`)).body;
      return found.counted.live !== null && found.counted.shadow !== null && found;
    });
    expect(shadow).toMatchObject({
      shadowVersion: 2,
      liveVersion: 1,
      replay: { difference: { same: 1, counts: { firesNoMore: 1, fires: 0 } } },
    });
  });

  it("try a definition that is no version yet on events that come with the request", async () => {
    const id = await newRule(hot(30, { name: "cold rooms" }));
    const events = [
      { type: "room.sample", time: "2026-01-05T00:00:00Z", data: { room: "hall", celsius: 41 } },
    ];
    const json = { definition: hot(40), events };
    const { body } = await world.ok(`POST /v1/rules/${id}:backtest`, { json });
    expect(body).toMatchObject({
      version: null,
      counts: { events: 1, fired: 1 },
      to: "2026-01-05T01:00:00.000Z",
    });
  });

  it("are refused with a pointer where there is nothing to replay", async () => {
    const id = await newRule(hot(30, { name: "any rooms" }));
    const refused = async (json: object) => {
      const { status, body } = await world.call(`POST /v1/rules/${id}:backtest`, { json: json as never });
      return [status, body.code, body.errors[0]?.pointer];
    };
    expect(await refused({})).toEqual([422, "rules.backtest_span", "/from"]);
    expect(await refused({ from: span().to, to: began })).toEqual([422, "rules.backtest_span", "/to"]);
    expect(await refused({ ...span(), version: 1, definition: hot(1) })).toEqual([
      422,
      "http.invalid_input",
      "/definition",
    ]);
    expect(await refused({ ...span(), routing: { ...routing, route: { receiver: "x" } } })).toEqual([
      422,
      "alerts.bad_routing",
      expect.stringMatching(/^\/routing/),
    ]);
  });

  it("never read another tenant's events", async () => {
    const other = await newWorld();
    const { body: made } = await other.ok("POST /v1/rules", { json: { definition: hot(0) } });
    const json = { ...span(), sourceIds: [source] };
    const { body } = await other.ok(`POST /v1/rules/${made.id}:backtest`, { json });
    expect(body.counts.events).toBe(0);
  });
});

describe("templates of rules", () => {
  it("are listed, read and made into rules that pass their own tests", async () => {
    const world = await newWorld();
    const { items } = (await world.ok("GET /v1/rule-templates")).body;
    expect(items.length).toBeGreaterThanOrEqual(20);
    for (const { id } of items) {
      const template = (await world.ok(`GET /v1/rule-templates/${id}`)).body;
      const file = { rules: [template.definition], tests: template.tests };
      const report = (await world.ok("POST /v1/rules:test", { json: file })).body;
      expect([id, report.ok]).toEqual([id, true]);
    }
    const json = { parameters: { open: 95, close: 90 }, name: "very busy", create: true };
    const { body } = await world.ok("POST /v1/rule-templates/cpu-high:instantiate", { json });
    expect(body.rule).toMatchObject({ name: "very busy", latestVersion: 1, current: { status: "draft" } });
    await world.ok(`POST /v1/rules/${body.rule.id}/versions/1:validate`, { json: {} });
    const unknown = await world.call("GET /v1/rule-templates/none");
    expect([unknown.status, unknown.body.code]).toEqual([404, "rules.template_unknown"]);
    const wrong = await world.call("POST /v1/rule-templates/cpu-high:instantiate", {
      json: { parameters: { open: "high" } },
    });
    expect([wrong.status, wrong.body.errors[0]?.pointer]).toEqual([422, "/parameters/open"]);
  });

  it("tests of rules show what differs", async () => {
    const world = await newWorld();
    const event = { at: "0", data: { room: "attic", celsius: 99 } };
    const file = {
      rules: [hot(30)],
      tests: [{ name: "t", events: [event], expect: [{ at: "1m", alerts: [] }] }],
    };
    const { body } = await world.ok("POST /v1/rules:test", { json: file });
    expect(body).toMatchObject({
      ok: false,
      tests: [{ failures: [{ at: "1m", unexpected: ['{room="attic"} firing'] }] }],
    });
  });
});
