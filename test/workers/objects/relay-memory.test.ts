import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { clustersPort, relaysPort } from "../../../src/objects/clusters-port.ts";
import { newRelayWorld, type RelayWorld } from "../support/relay-world.ts";
import { bindings, eventually, sleep } from "../support/world.ts";

let site: RelayWorld;
beforeAll(async () => {
  site = await newRelayWorld();
});

describe("what a relay remembers", () => {
  it("is every call, bound by hashes: a change is found", async () => {
    const agent = await site.connect();
    await site.ask(agent);
    await site.ask(agent, { method: "POST", path: "/x?token=geheim&a=1" });
    const { items } = (await site.world.ok(`GET /v1/clusters/${agent.clusterId}/calls`)).body;
    expect(items).toMatchObject([
      { verb: "POST", path: "/x?token=…&a=1", outcome: "answered", status: 200, actor: "user:usr_1" },
      { verb: "GET", path: "/api/v1/nodes", outcome: "answered" },
    ]);
    const check = `GET /v1/clusters/${agent.clusterId}/calls:verify`;
    expect((await site.world.ok(check)).body).toMatchObject({ intact: true, entries: 3 });
    await runInDurableObject(site.relay(agent), (_, { storage }) => {
      storage.sql.exec("update calls set entry = replace(entry, 'usr_1', 'usr_2') where seq = 2");
    });
    expect((await site.world.ok(check)).body).toMatchObject({ intact: false, brokenAt: 2 });
  });

  it("is sealed once a day in the audit log: a log that was written anew, or cut, is found", async () => {
    const agent = await site.connect();
    const check = `GET /v1/clusters/${agent.clusterId}/calls:verify`;
    const sealDaily = () =>
      runInDurableObject(site.relay(agent), async (object) => {
        const host = object as unknown as { wake(reason: string, now: number): Promise<number | undefined> };
        await host.wake("seal", Date.now());
        await host.wake("events", Date.now());
      });
    const eventsOf = async (action: string) => {
      const path = `GET /v1/audit/events?limit=50&action=${action}&resource=cluster:${agent.clusterId}`;
      return (await site.world.ok(path)).body.items;
    };
    await sealDaily();
    expect(await eventsOf("clusters.call.seal")).toEqual([]);
    await site.ask(agent, { method: "POST" });
    await sealDaily();
    await sealDaily();
    expect(await eventsOf("clusters.call.seal")).toHaveLength(1);
    await site.ask(agent, { method: "POST" });
    await sealDaily();
    const [last] = await eventsOf("clusters.call.seal");
    expect(last.after).toMatchObject({ seq: 4 });
    expect((await site.world.ok(check)).body).toMatchObject({
      intact: true,
      entries: 4,
      seals: 2,
      brokenSeal: null,
    });

    const cutTail = "delete from calls where seq > 3";
    await runInDurableObject(site.relay(agent), (_, { storage }) => storage.sql.exec(cutTail).toArray());
    await evictDurableObject(site.relay(agent));
    expect((await site.world.ok(check)).body).toMatchObject({ intact: false, brokenAt: null, brokenSeal: 4 });
    expect(await eventsOf("clusters.call.logBroken")).toEqual([]);
    await sealDaily();
    const [broken] = await eventsOf("clusters.call.logBroken");
    expect(broken.after).toMatchObject({ severity: "critical", sealed: { seq: 4 }, now: { seq: 3 } });
    expect((await site.world.ok(check)).body).toMatchObject({ intact: false, brokenSeal: 4, seals: 3 });
  });

  it("is kept for 90 days, but for its last entry: what follows is bound to it, and old seals are no alarm", async () => {
    const agent = await site.connect();
    const check = `GET /v1/clusters/${agent.clusterId}/calls:verify`;
    await site.ask(agent, { method: "POST" });
    await runInDurableObject(site.relay(agent), async (object) => {
      const host = object as unknown as { wake(reason: string, now: number): Promise<number | undefined> };
      await host.wake("seal", Date.now());
      await host.wake("events", Date.now());
      await host.wake("prune", Date.now() + 100 * 86_400_000);
    });
    await evictDurableObject(site.relay(agent));
    expect((await site.world.ok(check)).body).toMatchObject({ intact: true, entries: 1, seals: 1 });
    await site.ask(agent, { method: "POST" });
    expect((await site.world.ok(check)).body).toMatchObject({ intact: true, entries: 3, seals: 1 });
    const { items } = (await site.world.ok(`GET /v1/clusters/${agent.clusterId}/calls`)).body;
    expect(items).toHaveLength(2);
  });

  it("is not sealed any more once its cluster was removed", async () => {
    const agent = await site.connect();
    await site.ask(agent, { method: "POST" });
    const { headers } = await site.world.ok(`GET /v1/clusters/${agent.clusterId}`);
    const ifMatch = headers.get("etag") ?? "";
    await site.world.ok(`DELETE /v1/clusters/${agent.clusterId}`, { headers: { "if-match": ifMatch } });
    const next = await runInDurableObject(site.relay(agent), (object) =>
      (object as unknown as { wake(reason: string, now: number): Promise<number | undefined> }).wake(
        "seal",
        Date.now(),
      ),
    );
    expect(next).toBeUndefined();
  });

  it("is not vouched for by a seal that the cluster's key didn't make", async () => {
    const agent = await site.connect();
    await site.ask(agent, { method: "POST" });
    await runInDurableObject(site.relay(agent), async (object, { storage }) => {
      const host = object as unknown as { wake(reason: string, now: number): Promise<number | undefined> };
      await host.wake("seal", Date.now());
      const [row] = storage.sql.exec("select body from events_out where kind = 'audit'").toArray();
      const forged = String(row?.["body"]).replace(/"hash":"./, '"hash":"x');
      storage.sql.exec("update events_out set body = ? where kind = 'audit'", forged);
      await host.wake("events", Date.now());
    });
    const check = `GET /v1/clusters/${agent.clusterId}/calls:verify`;
    expect((await site.world.ok(check)).body).toMatchObject({ intact: false, brokenAt: null, brokenSeal: 2 });
  });

  it("is the inventory and its changes, also while nobody is connected", async () => {
    const agent = await site.connect();
    const host = (name: string, state: string) => ({
      key: `core/nodes//${name}`,
      uid: name,
      resourceVersion: "1",
      summary: { state },
    });
    agent.tell({
      type: "inventory",
      at: 5,
      full: ["core/nodes"],
      changed: [host("a", "ready"), host("b", "ready")],
      removed: [],
    });
    await eventually("it is stored", async () => agent.pushed.length === 1);
    const relays = relaysPort(bindings);
    const waiting = relays.changes(site.world.tenantId, agent.clusterId, 2, 10_000);
    agent.tell({ type: "inventory", at: 6, changed: [host("b", "lost")], removed: ["core/nodes//a"] });
    const { steps, head } = await waiting;
    expect(steps).toMatchObject([
      { key: "core/nodes//b", before: { state: "ready" }, after: { state: "lost" } },
      { key: "core/nodes//a", before: { state: "ready" } },
    ]);
    expect(head).toBe(4);
    // A kind that is larger than one push: what was told of it at another instant is gone with the last part.
    agent.tell({ type: "inventory", at: 6, changed: [host("c", "ready")], removed: [] });
    agent.tell({ type: "inventory", at: 7, changed: [host("d", "ready")], removed: [] });
    agent.tell({ type: "inventory", at: 7, full: ["core/nodes"], changed: [host("b", "lost")], removed: [] });
    await eventually("all parts are stored", async () => agent.pushed.length === 5);
    const kept = await clustersPort(bindings).inventory(site.world.tenantId, agent.clusterId, {
      kinds: ["core/nodes"],
      limit: 10,
    });
    expect(kept.items.map(({ key }) => key)).toEqual(["core/nodes//b", "core/nodes//d"]);
    agent.tell({ type: "inventory", at: 8, changed: [], removed: ["core/nodes//d"] });
    await eventually("the last is stored", async () => agent.pushed.length === 6);
    agent.cut();
    await sleep(50);
    const known = await clustersPort(bindings).inventory(site.world.tenantId, agent.clusterId, {
      kinds: ["core/nodes"],
      limit: 10,
    });
    expect(known).toMatchObject({ items: [{ key: "core/nodes//b" }], syncedAt: 8, online: false });
  });
});
