import { beforeAll, describe, expect, it } from "vitest";
import { newActingRules } from "../support/acting-rules.ts";
import { newReceiver } from "../support/receiver.ts";
import { eventually, newWorld, type World } from "../support/world.ts";

interface Setting {
  readonly key: string;
  readonly value: unknown;
  readonly from: string;
}

describe("settings", () => {
  let world: World;
  beforeAll(async () => {
    world = await newWorld();
  });
  const all = async (): Promise<Setting[]> => (await world.ok("GET /v1/settings")).body.items;

  it("are all listed, with who says so and that none needs a restart", async () => {
    const items = await all();
    expect(items.map(({ key, value, from }) => `${key} ${value} ${from}`)).toEqual([
      "polling.enabled true default",
      "polling.intervalMs 10000 default",
      "polling.concurrency 10 default",
      "notifications.enabled true default",
      "scheduler.enabled true default",
      "engine.shards 1 default",
    ]);
    expect(items[0]).toMatchObject({
      variable: "MARU_POLLING_ENABLED",
      envValue: null,
      defaultValue: true,
      restartNeeded: false,
      publishedBy: null,
      version: 0,
    });
  });

  it("are published, taken back, and leave an event with before and after", async () => {
    const put = await world.ok("PUT /v1/settings/polling.intervalMs", { json: { value: 30_000 } });
    expect(put.body).toMatchObject({
      value: 30_000,
      from: "published",
      publishedBy: await world.self(),
      version: 1,
    });
    expect(put.headers.get("etag")).toBe('"v1"');
    const [event] = await world.eventsOf(put.headers.get("x-request-id") ?? "", "an event");
    expect(event).toMatchObject({
      action: "settings.setting.update",
      resource: "setting:polling.intervalMs",
      before: { value: 10_000, from: "default" },
      after: { value: 30_000, from: "published" },
    });
    const back = await world.ok("DELETE /v1/settings/polling.intervalMs");
    expect(back.body).toMatchObject({ value: 10_000, from: "default", publishedBy: null, version: 2 });
  });

  it("refuse what they can't be, an unknown name and an edit of another version", async () => {
    const value = await world.call("PUT /v1/settings/polling.intervalMs", { json: { value: 500 } });
    expect([value.status, value.body.code, value.body.errors[0].pointer]).toEqual([
      422,
      "settings.value",
      "/value",
    ]);
    const kind = await world.call("PUT /v1/settings/polling.enabled", { json: { value: 1 } });
    expect([kind.status, kind.body.code]).toEqual([422, "settings.value"]);
    const name = await world.call("PUT /v1/settings/polling.speed", { json: { value: 1 } });
    expect([name.status, name.body.code]).toEqual([404, "settings.unknown"]);
    const old = { json: { value: 20 }, headers: { "if-match": '"v99"' } };
    expect((await world.call("PUT /v1/settings/polling.concurrency", old)).status).toBe(412);
  });

  it("are the tenant's own", async () => {
    const other = await newWorld();
    await other.ok("PUT /v1/settings/polling.concurrency", { json: { value: 2 } });
    expect((await all()).find(({ key }) => key === "polling.concurrency")).toMatchObject({
      value: 10,
      from: "default",
    });
  });

  it("hold notifications back as suppressed, which can be resent once they are on", async () => {
    const receiver = newReceiver();
    const channel = await world.ok("POST /v1/channels", {
      json: { name: world.name("hook"), config: { kind: "webhook", url: receiver.url } },
    });
    await world.ok("PUT /v1/routing", {
      json: {
        route: { receiver: "team", groupBy: ["alertname"], groupWaitMs: 0 },
        receivers: [{ name: "team", channels: [{ channelId: channel.body.id }] }],
        inhibitions: [],
        maintenance: [],
        timeIntervals: {},
      },
    });
    await world.ok("PUT /v1/settings/notifications.enabled", { json: { value: false } });
    const rules = await newActingRules(world);
    await rules.publish("disk.full", [], { outcome: "match" });
    await rules.send("disk.full");
    const delivery = await eventually("a delivery is recorded", async () => {
      const { body } = await world.ok("GET /v1/deliveries?limit=10");
      return body.items[0] ?? false;
    });
    expect(delivery).toMatchObject({
      state: "suppressed",
      detail: expect.stringContaining("notifications.enabled"),
    });
    expect(await receiver.requests()).toEqual([]);
    await world.ok("DELETE /v1/settings/notifications.enabled");
    const resent = await world.ok(`POST /v1/deliveries/${delivery.id}:resend`, { json: {} });
    expect(resent.body.state).toBe("sent");
    const [request, ...others] = await receiver.requests();
    expect(others).toEqual([]);
    expect(request?.headers["webhook-id"]).toBe(delivery.id);
  });
});
