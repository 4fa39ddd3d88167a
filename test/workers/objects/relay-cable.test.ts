import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { clustersPort } from "../../../src/objects/clusters-port.ts";
import { codeOf, held, newRelayWorld, type RelayWorld, textOf } from "../support/relay-world.ts";
import { problemOf } from "../support/tenant.ts";
import { bindings, eventually, sleep } from "../support/world.ts";

let site: RelayWorld;
beforeAll(async () => {
  site = await newRelayWorld();
});

describe("a cable that is pulled", () => {
  it("loses nothing when the agent is back within a moment", async () => {
    const gate = held();
    const agent = await site.connect({ handle: gate.handle });
    const call = site.ask(agent).then(({ body }) => textOf(body));
    await eventually("the command arrives", async () => gate.waiting.length > 0);
    agent.cut();
    gate.release();
    await sleep(100);
    await agent.connect();
    expect(agent.state.welcome).toMatchObject({ resumed: true });
    expect(JSON.parse(await call)).toEqual({ late: true });
    expect(agent.commands).toHaveLength(1);
  });

  it("fails readings soon with a problem that may be retried, and writes as unknown until the agent tells", async () => {
    const agent = await site.connect({
      handle: held().handle,
      outcomes: () => ({ ran: "yes", status: 201 }),
    });
    const [reading, write] = [codeOf(site.ask(agent)), site.ask(agent, { method: "POST" })];
    const failed = write.then(
      () => undefined,
      (error: { failure: { code: string; data: { commandId: string } } }) => error.failure,
    );
    await eventually("the commands arrive", async () => agent.commands.length === 2);
    agent.cut();
    expect(await codeOf(site.ask(agent))).toBe("clusters.offline");
    expect(await reading).toBe("clusters.relay_lost");
    const failure = await failed;
    expect(failure?.code).toBe("clusters.outcome_unknown");
    const commandId = failure?.data.commandId ?? "";
    expect(await site.outcomeOf(agent, commandId)).toMatchObject({ outcome: "unknown" });
    await agent.connect();
    await eventually("the outcome", async () => (await site.outcomeOf(agent, commandId))?.outcome === "ran");
    expect(agent.commands).toHaveLength(2);
  });

  it("keeps safe writes that were asked to wait, sends them in order, and never what destroys", async () => {
    const agent = await site.connect({ handle: () => Response.json({}) });
    agent.cut();
    await sleep(50);
    const wait = { method: "PATCH", queueForMs: 60_000 };
    const self = await site.world.self();
    const [kind = "", id = ""] = self.split(":");
    const queue = (more: object) =>
      clustersPort(bindings).call(site.world.tenantId, { ...site.actor, kind: kind as "api_key", id }, {
        clusterId: agent.clusterId,
        operation: "harvester.test",
        driver: "kubernetes",
        path: "/x",
        ...wait,
        ...more,
      } as never);
    const first = await queue({ path: "/apis/x/1", body: new TextEncoder().encode("{}") });
    const second = await queue({ path: "/apis/x/2" });
    const third = await queue({ path: "/apis/x/3" });
    expect(first).toMatchObject({ queued: true, status: 202 });
    for (const more of [
      { method: "DELETE" },
      { method: "PUT", path: "/vm/stop", body: new TextEncoder().encode('{"gracePeriod":0}') },
    ])
      expect(await codeOf(queue(more))).toBe("clusters.not_queueable");
    const path = `/v1/clusters/${agent.clusterId}/queue`;
    await site.world.ok(`POST ${path}/${second.commandId}:cancel`, { json: {} });
    await agent.connect();
    await eventually("all were sent", async () => agent.commands.length === 2);
    expect(agent.commands.map(({ path: sent }) => sent)).toEqual(["/apis/x/1", "/apis/x/3"]);
    await eventually(
      "they are settled",
      async () => (await site.states(agent)) === "applied,cancelled,applied",
    );
    expect(await site.outcomeOf(agent, third.commandId)).toMatchObject({ outcome: "answered", status: 200 });
    const late = await site.world.call(`POST ${path}/${first.commandId}:cancel`, { json: {} });
    expect(problemOf(late)).toMatchObject({ status: 409, code: "clusters.not_waiting" });
  });

  it("stops what waits for the same object at the first conflict, and lets what waited too long go", async () => {
    const agent = await site.connect({ handle: () => Response.json({}, { status: 409 }) });
    agent.cut();
    await sleep(50);
    const self = await site.world.self();
    await site.queue(agent, self, "/apis/a");
    await site.queue(agent, self, "/apis/a?force");
    await site.queue(agent, self, "/apis/b", { queueForMs: 1 });
    await sleep(20);
    await agent.connect();
    await eventually(
      "they are settled",
      async () => (await site.states(agent)) === "conflict,conflict,expired",
    );
    expect(agent.commands).toHaveLength(1);
  });

  it("asks again whether its asker still may, by what the operation asks for", async () => {
    const agent = await site.connect({ handle: () => Response.json({}) });
    agent.cut();
    await sleep(50);
    const { id } = (await site.world.ok("POST /v1/keys", { json: { name: "k", scopes: ["clusters:write"] } }))
      .body;
    await site.queue(agent, `api_key:${id}`, "/apis/a", { scope: "clusters:admin" });
    await site.queue(agent, `api_key:${id}`, "/apis/b", { scope: "clusters:write" });
    await agent.connect();
    await eventually("they are settled", async () => (await site.states(agent)) === "failed,applied");
    expect(agent.commands.map(({ path }) => path)).toEqual(["/apis/b"]);
    await site.world.ok(`POST /v1/keys/${id}:revoke`);
    agent.cut();
    await sleep(50);
    await site.queue(agent, `api_key:${id}`, "/apis/c", { scope: "clusters:write" });
    await agent.connect();
    await eventually("it is settled", async () => (await site.states(agent)) === "failed,applied,failed");
    expect(agent.commands).toHaveLength(1);
  });

  it("sends what its object had taken from the queue when it died before it could send it", async () => {
    const bodies: string[] = [];
    const agent = await site.connect({
      handle: async (_, body) => {
        bodies.push(await new Response(body ?? null).text());
        return Response.json({});
      },
    });
    agent.cut();
    await sleep(50);
    await site.queue(agent, await site.world.self(), "/apis/a", {
      body: new TextEncoder().encode('{"a":1}'),
    });
    await runInDurableObject(site.relay(agent), (_, { storage }) =>
      storage.sql.exec("update queue set state = 'sent'").toArray(),
    );
    await evictDurableObject(site.relay(agent));
    await agent.connect();
    await eventually("it is settled", async () => (await site.states(agent)) === "applied");
    expect(bodies).toEqual(['{"a":1}']);
  });
});
