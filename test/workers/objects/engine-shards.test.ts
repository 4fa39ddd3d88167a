import { runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { rememberShards } from "../../../src/objects/engine-shards.ts";
import { engineOf } from "../../../src/platform/objects.ts";
import { newActingRules } from "../support/acting-rules.ts";
import { bindings, eventually, newWorld, type World } from "../support/world.ts";

const busy = {
  key: ["data.host"],
  keyLabels: ["host"],
  trigger: { kind: "filter", value: "data.cpu" },
  condition: { kind: "static", of: "value", open: { op: ">", value: 80 } },
  outcome: "alert",
};
const hosts = Array.from({ length: 24 }, (_, i) => `host-${i}`);

describe("a rule engine of several shards", () => {
  let world: World;
  let rules: Awaited<ReturnType<typeof newActingRules>>;
  let id: string;

  beforeAll(async () => {
    world = await newWorld();
    rules = await newActingRules(world);
    await world.ok("PUT /v1/settings/engine.shards", { json: { value: 3 } });
    id = await rules.publish("host.cpu", [], busy);
  });

  const keysOf = (shard: number) =>
    runInDurableObject(engineOf(bindings, world.tenantId, shard), (_, { storage }) =>
      Number(storage.sql.exec("select count(*) as n from keys").one()["n"]),
    );
  const firing = async () => {
    const { body } = await world.ok(`GET /v1/alerts?limit=200&status=firing`);
    return (body.items as { labels: Record<string, string> }[]).map(({ labels }) => labels["host"] ?? "");
  };

  it("divides keys among its objects, fires each alert once, and answers as one", async () => {
    for (const host of hosts) await rules.send("host.cpu", { host, cpu: 95 }, `first-${host}`);
    await eventually("all fire", async () => (await firing()).length === hosts.length);
    expect((await firing()).sort()).toEqual([...hosts].sort());
    const keys = await Promise.all([0, 1, 2].map(keysOf));
    expect(keys.reduce((sum, own) => sum + own)).toBe(hosts.length);
    expect(Math.min(...keys)).toBeGreaterThan(0);
    expect(await rules.health(id)).toMatchObject({
      keys: hosts.length,
      counters: { events: hosts.length, fired: hosts.length, duplicates: 0 },
    });
    for (const host of hosts.slice(0, 6)) {
      const { body } = await world.ok(`POST /v1/rules/${id}:explain`, { json: { key: [host] } });
      expect(body).toMatchObject({ known: true, answer: { code: "fired" } });
    }
  });

  it("knows a repeat on every shard, and counts it once", async () => {
    await rules.send("host.cpu", { host: "twin", cpu: 10 }, "twin");
    await rules.send("host.cpu", { host: "twin", cpu: 10 }, "twin");
    expect((await rules.health(id)).counters).toMatchObject({ events: hosts.length + 1, duplicates: 1 });
  });

  it("corrects a sender that believes in another number", async () => {
    rememberShards(world.tenantId, 1);
    await rules.send("host.cpu", { host: "new", cpu: 99 }, "believed-one");
    rememberShards(world.tenantId, 5);
    await rules.send("host.cpu", { host: "newer", cpu: 99 }, "believed-five");
    await eventually("both fire", async () => {
      const all = await firing();
      return all.includes("new") && all.includes("newer");
    });
    expect(await keysOf(3)).toBe(0);
  });

  it("keeps its number while rules are at work, and takes another up when none is", async () => {
    await world.ok("PUT /v1/settings/engine.shards", { json: { value: 2 } });
    const other = await rules.publish("other.kind", [], busy);
    expect(await engineOf(bindings, world.tenantId).agreeShards(null)).toBe(3);
    for (const one of [id, other]) await world.ok(`PATCH /v1/rules/${one}`, { json: { enabled: false } });
    await eventually("alerts of rules that are off end", async () => (await firing()).length === 0);
    await world.ok(`PATCH /v1/rules/${id}`, { json: { enabled: true } });
    await eventually("two shards", async () => {
      return (await engineOf(bindings, world.tenantId).agreeShards(null)) === 2;
    });
    await eventually("both know the rule", async () => {
      await rules.send("host.cpu", { host: "probe", cpu: 1 });
      return (await rules.health(id)) !== undefined;
    });
    for (const host of hosts) await rules.send("host.cpu", { host, cpu: 95 }, `second-${host}`);
    await eventually("all fire again", async () => (await firing()).length === hosts.length);
    const keys = await Promise.all([0, 1, 2].map(keysOf));
    expect([Math.min(...keys.slice(0, 2)) > 0, keys[2]]).toEqual([true, 0]);
  });
});
