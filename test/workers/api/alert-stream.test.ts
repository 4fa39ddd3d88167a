import { evictDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { alertsOf } from "../../../src/platform/objects.ts";
import { problemOf } from "../support/tenant.ts";
import { bindings, newWorld, sleep, type World } from "../support/world.ts";

interface Sent {
  readonly id: number;
  readonly type: string;
  readonly data: {
    seq: number;
    type: string;
    fingerprint: string;
    alert: { labels: Record<string, string> };
  };
}

/** The events of a stream that say something, and the last id that a reader remembers. */
function sentEvents(text: string): { events: Sent[]; lastId: number } {
  const blocks = text.split("\n\n").map((block) => {
    const fields = new Map(block.split("\n").map((line) => line.split(/: (.*)/s, 2) as [string, string]));
    return { id: fields.get("id"), type: fields.get("event") ?? "", data: fields.get("data") };
  });
  const events = blocks.flatMap(({ id, type, data }) =>
    data === undefined ? [] : [{ id: Number(id), type, data: JSON.parse(data) }],
  );
  return { events, lastId: Number(blocks.findLast(({ id }) => id !== undefined)?.id) };
}

describe("the stream of alerts", () => {
  let world: World;
  beforeAll(async () => {
    world = await newWorld();
  });

  const fire = async (labels: Record<string, string>): Promise<string> =>
    (await world.ok("POST /v1/alerts", { json: { alerts: [{ labels }] } })).body.fingerprints[0];
  const stream = async (query: string, options = {}) =>
    sentEvents((await world.ok(`GET /v1/alerts/stream?${query}`, options)).text);

  it("tells what happens from now on, in order, to whoever listens", async () => {
    await fire({ alertname: "Before" });
    const answer = world.ok("GET /v1/alerts/stream?seconds=3");
    await sleep(400);
    const fingerprint = await fire({ alertname: "Disk", host: "db-1" });
    await world.ok(`POST /v1/alerts/${fingerprint}:acknowledge`, { json: { note: "on it" } });
    const { headers, text } = await answer;
    expect(headers.get("content-type")).toContain("text/event-stream");
    const { events } = sentEvents(text);
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(["fired", "acknowledged"]));
    expect(events.map(({ id }) => id)).toEqual([...events.map(({ id }) => id)].sort((a, b) => a - b));
    expect(new Set(events.map(({ data }) => data.alert.labels.alertname))).toEqual(new Set(["Disk"]));
  });

  it("goes on after any change that was seen, also when the object was evicted", async () => {
    await fire({ alertname: "More" });
    const all = (await stream("after=0&seconds=0")).events;
    expect(all.length).toBeGreaterThan(2);
    await evictDurableObject(alertsOf(bindings, world.tenantId));
    for (const { id } of all) {
      const rest = all.filter((one) => one.id > id);
      expect((await stream(`after=${id}&seconds=0`)).events).toEqual(rest);
      const headers = { "last-event-id": String(id) };
      expect((await stream("seconds=0", { headers })).events).toEqual(rest);
    }
  });

  it("lets a reader ask for some, who needs not look at the others again", async () => {
    await fire({ alertname: "Wanted", team: "web" });
    await fire({ alertname: "Unwanted", team: "data" });
    const everything = await stream("after=0&seconds=0");
    const { events, lastId } = await stream(`after=0&seconds=0&match=${encodeURIComponent('team="web"')}`);
    expect(new Set(events.map(({ data }) => data.alert.labels.alertname))).toEqual(new Set(["Wanted"]));
    expect(lastId).toBe(everything.lastId);
    const refused = problemOf(await world.call("GET /v1/alerts/stream?match=team"));
    expect(refused).toMatchObject({ status: 422, code: "alerts.bad_matchers" });
  });

  it("shows a tenant nothing of another's", async () => {
    const other = await newWorld();
    await fire({ alertname: "Mine" });
    const { text } = await other.ok("GET /v1/alerts/stream?after=0&seconds=0");
    expect(sentEvents(text).events).toEqual([]);
  });
});
