import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { encodeFrame, frameTypes } from "../../../contracts/relay/frame.ts";
import {
  callRelay,
  clustersPort,
  openClusterConsole,
  relayCallOf,
  relaysPort,
} from "../../../src/objects/clusters-port.ts";
import { relayOf } from "../../../src/platform/objects.ts";
import { problemOf } from "../support/tenant.ts";
import { type AgentOptions, connectAgent, enrollAgent, type TestAgent } from "../support/test-agent.ts";
import { bindings, eventually, newWorld, sleep, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await newWorld();
});

const relay = ({ clusterId }: TestAgent) => relayOf(bindings, world.tenantId, clusterId);
const port = () => clustersPort(bindings);
const actor = () => ({ kind: "user" as const, id: "usr_1", tenantId: world.tenantId, grants: ["*"] });
const connect = (options: AgentOptions = {}) => connectAgent(world, options);

/** A call as modules make it. */
const ask = (agent: TestAgent, more: object = {}) =>
  port().call(world.tenantId, actor(), {
    clusterId: agent.clusterId,
    operation: "harvester.test",
    driver: "kubernetes",
    method: "GET",
    path: "/api/v1/nodes",
    ...more,
  });
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "none",
    (error: { failure?: { code: string } }) => error.failure?.code ?? String(error),
  );
const textOf = async (body: Uint8Array | ReadableStream<Uint8Array>) => new Response(body as BodyInit).text();
const outcomeOf = async (agent: TestAgent, commandId: string) =>
  (await relaysPort(bindings).calls(world.tenantId, agent.clusterId, { limit: 1, commandId }))[0];

const queue = (agent: TestAgent, asker: string, path: string, more: object = {}) => {
  const request = { operation: "harvester.test", driver: "kubernetes", method: "PATCH", path } as const;
  const call = relayCallOf(asker, { ...request, queueForMs: 60_000, ...more });
  return callRelay(bindings, world.tenantId, agent.clusterId, call);
};
/** Those of the queue's commands, in their order. */
const states = async ({ clusterId }: TestAgent): Promise<string> =>
  (await world.ok(`GET /v1/clusters/${clusterId}/queue`)).body.items
    .map(({ state }: { state: string }) => state)
    .join();

/** A handler that answers when the test says so. */
function held() {
  const waiting: ((response: Response) => void)[] = [];
  return {
    handle: () => new Promise<Response>((resolve) => waiting.push(resolve)),
    waiting,
    release: () => waiting.splice(0).forEach((go) => void go(Response.json({ late: true }))),
  };
}

describe("calls to a cluster", () => {
  it("reach the agent as signed commands and bring its answer back", async () => {
    const agent = await connect({
      handle: (command) => Response.json({ path: command.path, actor: command.actor }),
    });
    const { body, headers } = await world.ok(`GET /v1/clusters/${agent.clusterId}/proxy/files/a%2Fb/c?d=e`);
    expect(body).toEqual({ path: "/a%2Fb/c?d=e", actor: await world.self() });
    expect(headers.get("x-command-id")).toBe(agent.commands[0]?.id);
    expect(agent.commands[0]).toMatchObject({
      tenantId: world.tenantId,
      clusterId: agent.clusterId,
      driver: "http:files",
      verb: "GET",
      operation: "clusters.proxy.read",
    });
  });

  it("carry large bodies both ways as streams", async () => {
    const size = 3 * 1024 * 1024 + 5;
    const agent = await connect({
      handle: async (_, body) => new Response(body, { headers: { "x-stream": "yes" } }),
    });
    const file = new Uint8Array(size).map((_, n) => n % 251);
    const answer = await world.call(`POST /v1/clusters/${agent.clusterId}/proxy/files/echo`, {
      file,
      type: "application/octet-stream",
    });
    expect(answer.status).toBe(200);
    expect(agent.commands[0]?.bodySha256).toBe("stream");
    const back = await ask(agent, { method: "POST", body: file });
    const bytes = new Uint8Array(await new Response(back.body as BodyInit).arrayBuffer());
    expect(bytes.byteLength).toBe(size);
    expect(bytes.every((byte, n) => byte === n % 251)).toBe(true);
    expect(agent.commands[1]).toMatchObject({ bodyBytes: size });
  });

  it("refuse with what the agent says, and tell what may have happened", async () => {
    const fail = (code: string, ran: string) => () => Promise.reject({ code, detail: "because", ran });
    const cases = [
      ["policy_refused", "no", "GET", "clusters.agent_refused"],
      ["driver_unknown", "no", "POST", "clusters.unknown_target"],
      ["certificate_untrusted", "no", "GET", "clusters.upstream_failed"],
      ["upstream_timeout", "unknown", "GET", "clusters.timeout"],
      ["upstream_broken", "unknown", "POST", "clusters.outcome_unknown"],
      ["overloaded", "no", "POST", "clusters.overloaded"],
    ] as const;
    let next = 0;
    const agent = await connect({
      handle: () => {
        const [code, ran] = cases[next++] ?? ["protocol", "no"];
        return fail(code, ran)();
      },
    });
    for (const [, , method, code] of cases) expect(await codeOf(ask(agent, { method }))).toBe(code);
  });

  it("are refused when path and headers are too large together", async () => {
    const agent = await connect();
    expect(await codeOf(ask(agent, { path: `/${"a".repeat(9000)}` }))).toBe("clusters.too_large");
    expect(await codeOf(ask(agent, { headers: { accept: "a".repeat(70_000) } }))).toBe("clusters.too_large");
    expect(agent.commands).toEqual([]);
  });

  it("are given up after their time, and the agent is told", async () => {
    const agent = await connect({ handle: held().handle });
    expect(await codeOf(ask(agent, { timeoutMs: 100 }))).toBe("clusters.timeout");
    await eventually("the agent hears of it", async () => agent.failures.length > 0);
    expect(agent.failures[0]?.code).toBe("cancelled");
  });

  it("hold a fast cluster back when the caller doesn't read, and cancel it when the caller goes", async () => {
    let made = 0;
    const agent = await connect({
      handle: () =>
        new Response(
          new ReadableStream<Uint8Array>({
            pull(controller) {
              made += 64 * 1024;
              controller.enqueue(new Uint8Array(64 * 1024));
            },
          }),
          { headers: { "x-stream": "yes" } },
        ),
    });
    const { body } = await ask(agent);
    await sleep(300);
    expect(made).toBeLessThan(4 * 1024 * 1024);
    await (body as ReadableStream).cancel();
    await eventually("the agent hears of it", async () => agent.failures.length > 0);
  });

  it("are 503 with a time to come back when no agent is connected", async () => {
    const agent = await enrollAgent(world);
    const answer = await world.call(`GET /v1/clusters/${agent.clusterId}/proxy/files/x`);
    expect(problemOf(answer)).toMatchObject({ status: 503, code: "clusters.offline" });
    expect(answer.headers.get("retry-after")).toBe("5");
  });
});

describe("a cable that is pulled", () => {
  it("loses nothing when the agent is back within a moment", async () => {
    const gate = held();
    const agent = await connect({ handle: gate.handle });
    const call = ask(agent).then(({ body }) => textOf(body));
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
    const agent = await connect({ handle: held().handle, outcomes: () => ({ ran: "yes", status: 201 }) });
    const [reading, write] = [codeOf(ask(agent)), ask(agent, { method: "POST" })];
    const failed = write.then(
      () => undefined,
      (error: { failure: { code: string; data: { commandId: string } } }) => error.failure,
    );
    await eventually("the commands arrive", async () => agent.commands.length === 2);
    agent.cut();
    expect(await codeOf(ask(agent))).toBe("clusters.offline");
    expect(await reading).toBe("clusters.relay_lost");
    const failure = await failed;
    expect(failure?.code).toBe("clusters.outcome_unknown");
    const commandId = failure?.data.commandId ?? "";
    expect(await outcomeOf(agent, commandId)).toMatchObject({ outcome: "unknown" });
    await agent.connect();
    await eventually("the outcome", async () => (await outcomeOf(agent, commandId))?.outcome === "ran");
    expect(agent.commands).toHaveLength(2);
  });

  it("keeps safe writes that were asked to wait, sends them in order, and never what destroys", async () => {
    const agent = await connect({ handle: () => Response.json({}) });
    agent.cut();
    await sleep(50);
    const wait = { method: "PATCH", queueForMs: 60_000 };
    const self = await world.self();
    const [kind = "", id = ""] = self.split(":");
    const queue = (more: object) =>
      port().call(world.tenantId, { ...actor(), kind: kind as "api_key", id }, {
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
    await world.ok(`POST ${path}/${second.commandId}:cancel`, { json: {} });
    await agent.connect();
    await eventually("all were sent", async () => agent.commands.length === 2);
    expect(agent.commands.map(({ path: sent }) => sent)).toEqual(["/apis/x/1", "/apis/x/3"]);
    const states = async () =>
      (await world.ok(`GET ${path}`)).body.items.map(({ state }: { state: string }) => state).join();
    await eventually("they are settled", async () => (await states()) === "applied,cancelled,applied");
    expect(await outcomeOf(agent, third.commandId)).toMatchObject({ outcome: "answered", status: 200 });
    const late = await world.call(`POST ${path}/${first.commandId}:cancel`, { json: {} });
    expect(problemOf(late)).toMatchObject({ status: 409, code: "clusters.not_waiting" });
  });

  it("stops what waits for the same object at the first conflict, and lets what waited too long go", async () => {
    const agent = await connect({ handle: () => Response.json({}, { status: 409 }) });
    agent.cut();
    await sleep(50);
    const self = await world.self();
    await queue(agent, self, "/apis/a");
    await queue(agent, self, "/apis/a?force");
    await queue(agent, self, "/apis/b", { queueForMs: 1 });
    await sleep(20);
    await agent.connect();
    await eventually("they are settled", async () => (await states(agent)) === "conflict,conflict,expired");
    expect(agent.commands).toHaveLength(1);
  });

  it("asks again whether its asker still may, by what the operation asks for", async () => {
    const agent = await connect({ handle: () => Response.json({}) });
    agent.cut();
    await sleep(50);
    const { id } = (await world.ok("POST /v1/keys", { json: { name: "k", scopes: ["clusters:write"] } }))
      .body;
    await queue(agent, `api_key:${id}`, "/apis/a", { scope: "clusters:admin" });
    await queue(agent, `api_key:${id}`, "/apis/b", { scope: "clusters:write" });
    await agent.connect();
    await eventually("they are settled", async () => (await states(agent)) === "failed,applied");
    expect(agent.commands.map(({ path }) => path)).toEqual(["/apis/b"]);
    await world.ok(`POST /v1/keys/${id}:revoke`);
    agent.cut();
    await sleep(50);
    await queue(agent, `api_key:${id}`, "/apis/c", { scope: "clusters:write" });
    await agent.connect();
    await eventually("it is settled", async () => (await states(agent)) === "failed,applied,failed");
    expect(agent.commands).toHaveLength(1);
  });

  it("sends what its object had taken from the queue when it died before it could send it", async () => {
    const bodies: string[] = [];
    const agent = await connect({
      handle: async (_, body) => {
        bodies.push(await new Response(body ?? null).text());
        return Response.json({});
      },
    });
    agent.cut();
    await sleep(50);
    await queue(agent, await world.self(), "/apis/a", { body: new TextEncoder().encode('{"a":1}') });
    await runInDurableObject(relay(agent), (_, { storage }) =>
      storage.sql.exec("update queue set state = 'sent'").toArray(),
    );
    await evictDurableObject(relay(agent));
    await agent.connect();
    await eventually("it is settled", async () => (await states(agent)) === "applied");
    expect(bodies).toEqual(['{"a":1}']);
  });
});

describe("several agents", () => {
  it("are one active and others in reserve; the next takes over when the active one goes", async () => {
    const first = await connect({ handle: () => Response.json({ by: "first" }) });
    const second = await connect({
      clusterId: first.clusterId,
      handle: () => Response.json({ by: "second" }),
    });
    expect([first.state.role, second.state.role]).toEqual(["active", "standby"]);
    expect(await textOf((await ask(first)).body)).toContain("first");
    first.cut();
    await eventually("the second is active", async () => second.state.role === "active");
    expect(await textOf((await ask(first)).body)).toContain("second");
    await first.connect();
    expect(first.state.role).toBe("standby");
    expect(await textOf((await ask(first)).body)).toContain("second");
  });

  it("of the same name are one: the older socket gives way", async () => {
    const agent = await connect();
    const older = agent.state.socket;
    let closed: number | undefined;
    older?.addEventListener("close", ({ code }) => {
      closed = code;
    });
    await agent.connect();
    await eventually("the older is closed", async () => closed);
    expect(closed).toBe(4409);
    expect(await codeOf(ask(agent))).toBe("none");
  });
});

describe("an object that was evicted", () => {
  it("goes on with the sockets it has, in a new epoch", async () => {
    const agent = await connect();
    await ask(agent);
    const before = agent.end.epoch;
    await evictDurableObject(relay(agent));
    expect(await codeOf(ask(agent))).toBe("none");
    expect(agent.end.epoch).toBeGreaterThan(before);
    agent.tell({ type: "inventory", at: 1, changed: [], removed: [] });
    await eventually("the agent is heard too", async () => agent.pushed.length > 0);
  });

  it("keeps open consoles", async () => {
    const agent = await connect({ console: (say) => (message) => say(`echo ${message}`) });
    const { socket, heard } = await openConsole(agent);
    socket.send("one");
    await eventually("an echo", async () => heard.includes("echo one"));
    await evictDurableObject(relay(agent));
    socket.send("two");
    await eventually("an echo after the eviction", async () => heard.includes("echo two"));
    expect(heard).toEqual(["echo one", "echo two"]);
    socket.close(1000, "enough");
  });

  it("hears what a console says first after it", async () => {
    let say: (message: string) => void = () => {};
    const agent = await connect({
      console: (speak) => {
        say = speak;
        return () => {};
      },
    });
    const { heard } = await openConsole(agent);
    say("before");
    await eventually("the first", async () => heard.length === 1);
    await evictDurableObject(relay(agent));
    say("after");
    await eventually("the second", async () => heard.length === 2);
    expect(heard).toEqual(["before", "after"]);
  });
});

describe("consoles", () => {
  it("carry text and bytes both ways and close on both sides", async () => {
    let close: (code: number) => void = () => {};
    const agent = await connect({
      console: (say, end) => {
        close = end;
        return say;
      },
    });
    const { socket, heard, closed } = await openConsole(agent);
    socket.send("text");
    socket.send(new Uint8Array([1, 2, 3]));
    await eventually("both", async () => heard.length === 2);
    expect(heard).toEqual(["text", new Uint8Array([1, 2, 3])]);
    close(4001);
    await eventually("closed", async () => closed.code);
    expect(closed.code).toBe(4001);
  });

  it("that the cluster refuses are a problem, not a socket", async () => {
    const agent = await connect();
    expect(await codeOf(consoleAt(agent))).toBe("clusters.console_refused");
  });

  it("end when their agent is gone for good", async () => {
    const agent = await connect({ console: (say) => say });
    const { closed } = await openConsole(agent);
    agent.cut();
    await eventually("closed", async () => closed.code);
    expect(closed.code).toBe(1011);
  });

  it("end as well when their agent went while the object slept, and are there again when it comes back", async () => {
    const agent = await connect({ console: (say) => (message) => say(`echo ${message}`) });
    const { socket, heard, closed } = await openConsole(agent);
    await evictDurableObject(relay(agent));
    agent.cut();
    await sleep(200);
    await agent.connect();
    await sleep(2_500);
    socket.send("back");
    await eventually("an echo", async () => heard.includes("echo back"));
    await evictDurableObject(relay(agent));
    agent.cut();
    await eventually("closed", async () => closed.code);
    expect(closed.code).toBe(1012);
  }, 60_000);
});

describe("an agent that breaks the rules", () => {
  it.each([
    ["a frame that is too large", () => new Uint8Array(1024 * 1024 + 100).fill(1)],
    ["bytes that are no frame", () => new Uint8Array(3)],
    ["a gap", () => encodeFrame(frameTypes.PUSH, 0, 77, new Uint8Array(4))],
    [
      "an acknowledgement of what was never sent",
      () => encodeFrame(frameTypes.ACK, 0, 0, new Uint8Array([0, 9, 9, 9])),
    ],
  ])("with %s is cut off and may come again", async (_, bytes) => {
    const agent = await connect();
    agent.state.socket?.send(bytes());
    await eventually("the socket is closed", async () => agent.state.closed);
    expect(agent.state.closed?.code).toBe(4400);
    await agent.connect();
    expect(await codeOf(ask(agent))).toBe("none");
  });

  it("by opening streams or naming unknown ones is told so", async () => {
    const agent = await connect();
    const opened: string[] = [];
    agent.end.start(1, frameTypes.REQ, new Uint8Array(), {
      take: () => {},
      ended: ({ code }) => void opened.push(code),
    });
    agent.end.send(frameTypes.REQ_DATA, 7, new Uint8Array(1));
    await eventually("a refusal", async () => opened.length > 0);
    expect(opened).toEqual(["protocol"]);
    expect(await codeOf(ask(agent))).toBe("none");
  });

  it("by another log than before leaves a critical event", async () => {
    const agent = await connect({ log: { seq: 10, hash: "a".repeat(64) } });
    const report = {
      version: "0",
      platform: "x",
      hostname: "x",
      readOnly: false,
      drivers: [],
      policySha256: "0",
    };
    agent.say({ type: "report", report: { ...report, log: { seq: 4, hash: "b".repeat(64) } } });
    const event = await eventually("the event", async () => {
      const { items } = (await world.ok("GET /v1/audit/events?limit=50")).body;
      return items.find((one: { action: string }) => one.action === "clusters.agent.logBroken");
    });
    expect(event).toMatchObject({ resource: `cluster:${agent.clusterId}`, after: { severity: "critical" } });
  });
});

describe("what a relay remembers", () => {
  it("is every call, bound by hashes: a change is found", async () => {
    const agent = await connect();
    await ask(agent);
    await ask(agent, { method: "POST", path: "/x?token=geheim&a=1" });
    const { items } = (await world.ok(`GET /v1/clusters/${agent.clusterId}/calls`)).body;
    expect(items).toMatchObject([
      { verb: "POST", path: "/x?token=…&a=1", outcome: "answered", status: 200, actor: "user:usr_1" },
      { verb: "GET", path: "/api/v1/nodes", outcome: "answered" },
    ]);
    const check = `GET /v1/clusters/${agent.clusterId}/calls:verify`;
    expect((await world.ok(check)).body).toMatchObject({ intact: true, entries: 3 });
    await runInDurableObject(relay(agent), (_, { storage }) => {
      storage.sql.exec("update calls set entry = replace(entry, 'usr_1', 'usr_2') where seq = 2");
    });
    expect((await world.ok(check)).body).toMatchObject({ intact: false, brokenAt: 2 });
  });

  it("is sealed once a day in the audit log: a log that was written anew, or cut, is found", async () => {
    const agent = await connect();
    const check = `GET /v1/clusters/${agent.clusterId}/calls:verify`;
    const sealDaily = () =>
      runInDurableObject(relay(agent), async (object) => {
        const host = object as unknown as { wake(reason: string, now: number): Promise<number | undefined> };
        await host.wake("seal", Date.now());
        await host.wake("events", Date.now());
      });
    const eventsOf = async (action: string) => {
      const path = `GET /v1/audit/events?limit=50&action=${action}&resource=cluster:${agent.clusterId}`;
      return (await world.ok(path)).body.items;
    };
    await sealDaily();
    expect(await eventsOf("clusters.call.seal")).toEqual([]);
    await ask(agent, { method: "POST" });
    await sealDaily();
    await sealDaily();
    expect(await eventsOf("clusters.call.seal")).toHaveLength(1);
    await ask(agent, { method: "POST" });
    await sealDaily();
    const [last] = await eventsOf("clusters.call.seal");
    expect(last.after).toMatchObject({ seq: 4 });
    expect((await world.ok(check)).body).toMatchObject({
      intact: true,
      entries: 4,
      seals: 2,
      brokenSeal: null,
    });

    const cutTail = "delete from calls where seq > 3";
    await runInDurableObject(relay(agent), (_, { storage }) => storage.sql.exec(cutTail).toArray());
    await evictDurableObject(relay(agent));
    expect((await world.ok(check)).body).toMatchObject({ intact: false, brokenAt: null, brokenSeal: 4 });
    expect(await eventsOf("clusters.call.logBroken")).toEqual([]);
    await sealDaily();
    const [broken] = await eventsOf("clusters.call.logBroken");
    expect(broken.after).toMatchObject({ severity: "critical", sealed: { seq: 4 }, now: { seq: 3 } });
    expect((await world.ok(check)).body).toMatchObject({ intact: false, brokenSeal: 4, seals: 3 });
  });

  it("is not vouched for by a seal that the cluster's key didn't make", async () => {
    const agent = await connect();
    await ask(agent, { method: "POST" });
    await runInDurableObject(relay(agent), async (object, { storage }) => {
      const host = object as unknown as { wake(reason: string, now: number): Promise<number | undefined> };
      await host.wake("seal", Date.now());
      const [row] = storage.sql.exec("select body from events_out where kind = 'audit'").toArray();
      const forged = String(row?.["body"]).replace(/"hash":"./, '"hash":"x');
      storage.sql.exec("update events_out set body = ? where kind = 'audit'", forged);
      await host.wake("events", Date.now());
    });
    const check = `GET /v1/clusters/${agent.clusterId}/calls:verify`;
    expect((await world.ok(check)).body).toMatchObject({ intact: false, brokenAt: null, brokenSeal: 2 });
  });

  it("is the inventory and its changes, also while nobody is connected", async () => {
    const agent = await connect();
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
    const waiting = relays.changes(world.tenantId, agent.clusterId, 2, 10_000);
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
    const kept = await port().inventory(world.tenantId, agent.clusterId, {
      kinds: ["core/nodes"],
      limit: 10,
    });
    expect(kept.items.map(({ key }) => key)).toEqual(["core/nodes//b", "core/nodes//d"]);
    agent.tell({ type: "inventory", at: 8, changed: [], removed: ["core/nodes//d"] });
    await eventually("the last is stored", async () => agent.pushed.length === 6);
    agent.cut();
    await sleep(50);
    const known = await port().inventory(world.tenantId, agent.clusterId, {
      kinds: ["core/nodes"],
      limit: 10,
    });
    expect(known).toMatchObject({ items: [{ key: "core/nodes//b" }], syncedAt: 8, online: false });
  });
});

const consoleAt = ({ clusterId }: TestAgent) =>
  openClusterConsole(
    bindings,
    world.tenantId,
    clusterId,
    relayCallOf("user:usr_1", {
      operation: "harvester.console",
      driver: "kubernetes",
      method: "GET",
      path: "/apis/console",
    }),
  );

async function openConsole(agent: TestAgent) {
  const answer = await consoleAt(agent);
  expect(answer.status).toBe(101);
  const socket = answer.webSocket as WebSocket;
  (socket as unknown as { binaryType: string }).binaryType = "arraybuffer";
  const heard: (string | Uint8Array)[] = [];
  const closed: { code?: number } = {};
  socket.addEventListener("message", ({ data }) => {
    heard.push(typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer));
  });
  socket.addEventListener("close", ({ code }) => {
    closed.code = code;
  });
  socket.accept();
  return { socket, heard, closed };
}
