import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { selfSignedCertificate } from "../support/kube/self-signed.ts";
import { type ApiAnswer, newApi, until } from "./support/api.ts";
import { start } from "./support/maru.ts";
import { copyOf, program, redirect, type Site, type SiteAgent, startSite } from "./support/site.ts";
import { readStream, type StreamEvent } from "./support/stream.ts";

let site: Site;
let id: string;
let one: SiteAgent;
let two: SiteAgent;

const claims = "/persistentvolumeclaims";
const at = (rest: string) => `/v1/clusters/${id}${rest}`;
const within = (rest: string) => at(`/namespaces/default${rest}`);
const codeOf = ({ status, body }: ApiAnswer) => [status, body.code];
const machines = () => site.api.call(`GET ${at("/virtual-machines")}`);
/** A write that a repeat with the same key must not do again. */
const makeVolume = (name: string) =>
  site.api.call(`POST ${within("/volumes")}`, { name, size: "1Gi" }, { "idempotency-key": name });
const describeMachine = (name: string, description: string, queueForMs: number) =>
  site.api.call(`PATCH ${within(`/virtual-machines/${name}`)}`, { description, queueForMs });
const stored = (group: string, plural: string) => {
  const { store } = site.simulator.world;
  return store.list(store.kindOf(group, plural)).map(({ metadata }) => metadata.name);
};
const makeNamespace = (name: string) => {
  const { store } = site.simulator.world;
  store.create(store.kindOf("", "namespaces"), { metadata: { name } as never });
};
const known = async (): Promise<string[]> => {
  const { items } = await site.api.ok(`GET ${at("/inventory?kind=namespace&limit=200")}`);
  return items.map(({ name }: { name: string }) => name).sort();
};

beforeAll(async () => {
  site = await startSite();
  id = await site.cluster("faulty");
  one = await site.agent(id, "one");
  one.run();
  await site.connected(id, one.id, "active");
  await until("the inventory", async () => (await known()).length > 3);
}, 120_000);
afterAll(() => site?.close());

describe("who may connect", () => {
  it("is nobody with a token that is wrong or used", async () => {
    const { token } = await site.api.ok(`POST ${at("/enrolments")}`, {});
    const command = ["enroll", "--url", site.worker.url, "--token"];
    const enroll = (text: string) => start(program, [...command, text, "--config", site.folder()], {}).ended;
    const wrong = `${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`;
    expect(await enroll(wrong)).toMatchObject({ code: 1, stderr: expect.stringContaining("token_unknown") });
    expect((await enroll(token)).code).toBe(0);
    expect(await enroll(token)).toMatchObject({ code: 1, stderr: expect.stringContaining("token_used") });
  });

  it("is no agent of another protocol, and both sides say what to update", async () => {
    const copy = copyOf(one, site);
    const { connectUrl, tenantId, clusterId, agentId } = redirect(copy, (url) => url);
    const socket = new WebSocket(connectUrl);
    const said: string[] = [];
    socket.on("message", (data) => {
      said.push(String(data));
      if (said.length === 1) socket.send(JSON.stringify({ type: "hello", protocol: 0, agentId }));
    });
    const code = await new Promise((resolve) => socket.once("close", resolve));
    expect([code, said[1]]).toEqual([4426, expect.stringContaining("Update the agent")]);
    const newer = new WebSocketServer({ port: 0 });
    const challenge = { type: "challenge", tenantId, clusterId, nonce: "n".repeat(32), at: Date.now() };
    newer.on("connection", (incoming) =>
      incoming.send(JSON.stringify({ ...challenge, protocol: { version: 9, oldest: 9 } })),
    );
    redirect(copy, () => `ws://localhost:${(newer.address() as AddressInfo).port}/`);
    const ended = await start(program, ["run", "--config", copy], {}).ended;
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining("Install a newer agent") });
    newer.close();
  });
});

describe("a cluster that can't be asked", () => {
  it("is said to be down, and used again once it is back", async () => {
    await site.gate.down();
    const { status, body } = await machines();
    expect([status, body.code, body.retryable]).toEqual([502, "clusters.upstream_failed", true]);
    expect(body.data.reason).toBe("upstream_unreachable");
    await site.gate.up();
    expect(codeOf(await machines())).toEqual([200, undefined]);
  });

  it("is not asked when its certificate isn't trusted, and the problem says what to do", async () => {
    let asked = 0;
    const server = createServer(selfSignedCertificate("127.0.0.1"), (_, response) => {
      asked++;
      response.end("{}");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const strict = await site.cluster("strict");
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const agent = await site.agent(strict, "strict", url);
    agent.run();
    await site.connected(strict, agent.id);
    const answer = await site.api.call(`GET /v1/clusters/${strict}/virtual-machines`);
    expect(codeOf(answer)).toEqual([502, "clusters.upstream_failed"]);
    expect(answer.body.detail).toMatch(
      /not trusted.*fingerprint (?:[0-9A-F]{2}:){31}.*certificate-authority/,
    );
    const { code, stdout } = await start(program, ["doctor", "--config", agent.folder], {}).ended;
    expect([code, stdout]).toEqual([1, expect.stringContaining("fingerprint")]);
    expect(asked).toBe(0);
    await agent.kill();
    server.closeAllConnections();
    server.close();
  });

  it("is listed anew when its watches have expired, and the inventory is right afterwards", async () => {
    makeNamespace("short-lived");
    await until("it is known", async () => (await known()).includes("short-lived"));
    const lists = () => site.gate.count("GET", "/api/v1/namespaces?limit=");
    const before = lists();
    await site.gate.down();
    const { store } = site.simulator.world;
    store.edit(store.kindOf("", "namespaces"), undefined, "short-lived", (object) => {
      object["spec"] = { finalizers: [] };
    });
    store.delete(store.kindOf("", "namespaces"), undefined, "short-lived");
    makeNamespace("came-meanwhile");
    site.simulator.inject({ does: { kind: "expire_watches" } });
    await site.gate.up();
    await until("the inventory is the cluster's", async () => {
      const really = stored("", "namespaces").sort();
      return really.includes("came-meanwhile") && (await known()).join() === really.join();
    });
    expect(stored("", "namespaces")).not.toContain("short-lived");
    expect(lists()).toBeGreaterThan(before);
  });
});

describe("a write that the cluster refuses", () => {
  it("because somebody else was faster tells both versions", async () => {
    const path = within("/virtual-machines/web-01");
    const { resourceVersion } = await site.api.ok(`GET ${path}`);
    await site.api.ok(`PATCH ${path}`, { description: "theirs" });
    const late = await site.api.call(`PATCH ${path}`, { description: "mine", resourceVersion });
    expect(codeOf(late)).toEqual([409, "harvester.changed"]);
    const { yours, current } = late.body.data;
    expect(yours).toEqual({ description: "mine", resourceVersion });
    expect(current).toMatchObject({ name: "web-01", description: "theirs" });
    expect(current.resourceVersion).not.toBe(resourceVersion);
  });

  it("because of a quota is a limit that was reached", async () => {
    await site.api.ok(`POST ${at("/namespaces")}`, { name: "narrow" });
    await site.api.ok(`PUT ${at("/namespaces/narrow/quota")}`, { storage: "2Gi" });
    const path = `POST ${at("/namespaces/narrow/volumes")}`;
    const refused = await site.api.call(path, { name: "wide", size: "5Gi" });
    expect(codeOf(refused)).toEqual([403, "harvester.quota_exceeded"]);
    expect(stored("", "persistentvolumeclaims")).not.toContain("wide");
  });

  it("never leaves for a namespace of another tenant or project", async () => {
    const stranger = await newApi(site.worker.url, site.worker.secrets["MARU_BOOTSTRAP_TOKEN"] ?? "");
    const before = site.gate.count("POST", claims);
    const theirs = await stranger.call(`POST ${within("/volumes")}`, { name: "theirs", size: "1Gi" });
    expect(codeOf(theirs)).toEqual([404, "clusters.unknown"]);
    await site.api.ok(`PATCH ${at("")}`, { namespaces: ["default"] });
    const other = await site.api.call(`POST ${at("/namespaces/ml-team/volumes")}`, {
      name: "x",
      size: "1Gi",
    });
    expect(codeOf(other)).toEqual([404, "harvester.unknown"]);
    const { items } = (await machines()).body;
    expect(new Set(items.map((one: { namespace: string }) => one.namespace))).toEqual(new Set(["default"]));
    await site.api.ok(`PATCH ${at("")}`, { namespaces: null });
    expect(site.gate.count("POST", claims)).toBe(before);
  });
});

describe("a cable that is cut in the middle of a frame", () => {
  it("loses nothing of a body and doubles nothing, in either direction", async () => {
    const { app, cable, api } = site;
    app.body = randomBytes(3_000_000);
    const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
    const path = at("/proxy/app/file");
    for (const bytes of [200_001, 1_234_567, 2_900_003]) {
      const cut = cable.cutAfter("up", bytes);
      const answer = await api.open(`GET ${path}`);
      expect(answer.status).toBe(200);
      expect(hash(new Uint8Array(await answer.arrayBuffer()))).toBe(hash(app.body));
      await cut;
      await site.connected(id, one.id, "active");
    }
    expect(app.gets).toBe(3);
    const cut = cable.cutAfter("down", 700_001);
    const headers = { "content-type": "application/octet-stream" };
    const posted = await api.open(`POST ${path}`, { body: new Uint8Array(app.body), headers });
    await cut;
    expect(posted.status).toBe(200);
    await posted.body?.cancel();
    expect(app.posted.map(hash)).toEqual([hash(app.body)]);
    await site.connected(id, one.id, "active");
  });

  it("keeps 150 changes in their order for those who follow them, none twice", async () => {
    const names = Array.from({ length: 150 }, (_, n) => `step-${String(n).padStart(3, "0")}`);
    const added = (events: readonly StreamEvent[]) => events.filter(({ event }) => event === "added");
    const path = at("/inventory/stream?kind=namespace");
    const first = readStream(site.api, path, undefined, (events) => added(events).length >= 40);
    const making = (async () => {
      for (const [n, name] of names.entries()) {
        if (n === 70) site.cable.cut();
        makeNamespace(name);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })();
    const heard = await first;
    await making;
    const rest = await readStream(site.api, path, heard.at(-1)?.id, (events) =>
      added(events).some(({ data }) => data["name"] === names.at(-1)),
    );
    const all = [...heard, ...rest];
    expect(added(all).map(({ data }) => data["name"])).toEqual(names);
    expect(all.every(({ id: number }, n) => n === 0 || number > (all[n - 1]?.id ?? 0))).toBe(true);
  });
});

describe("a process that is killed", () => {
  it("an agent during a write: it is not known whether it ran, and no repeat runs it again", async () => {
    const held = site.gate.hold("POST", claims);
    const first = makeVolume("killed-once");
    await held.arrived;
    await one.kill();
    held.release();
    const lost = await first;
    expect(codeOf(lost)).toEqual([502, "clusters.outcome_unknown"]);
    expect(codeOf(await makeVolume("killed-once"))).toEqual([503, "clusters.offline"]);
    one.run();
    await site.connected(id, one.id, "active");
    expect(codeOf(await makeVolume("killed-once"))).toEqual([502, "clusters.outcome_unknown"]);
    expect(
      site.gate.passed.filter(({ method, url }) => method === "POST" && url.includes(claims)),
    ).toHaveLength(2);
    const { commandId } = lost.body.data;
    expect((await site.api.ok(`GET ${at(`/calls/${commandId}`)}`)).outcome).toBe("unknown");
  });

  it("the active of two agents during a write: the other takes over, and the repeat does not run there", async () => {
    two = await site.agent(id, "two");
    two.run();
    await site.connected(id, two.id, "standby");
    const before = site.gate.count("POST", claims);
    const held = site.gate.hold("POST", claims);
    const first = makeVolume("killed-over");
    await held.arrived;
    await one.kill();
    held.release();
    expect(codeOf(await first)).toEqual([502, "clusters.outcome_unknown"]);
    await site.connected(id, two.id, "active");
    expect(codeOf(await machines())).toEqual([200, undefined]);
    expect(codeOf(await makeVolume("killed-over"))).toEqual([502, "clusters.outcome_unknown"]);
    expect(site.gate.count("POST", claims)).toBe(before + 1);
  });

  it("the Worker during a reading and with writes in its queue: each write is done once", async () => {
    await two.kill();
    await until("nobody is connected", async () => (await machines()).status === 503);
    const machine = "/virtualmachines/db-01";
    const held = site.gate.hold("PATCH", machine);
    const reading = site.gate.hold("GET", "/virtualmachines/web-01");
    const queued = [];
    for (const words of ["first", "second"]) queued.push(await describeMachine("db-01", words, 300_000));
    expect(queued.map(({ body }) => body.queued)).toEqual([true, true]);
    one.run();
    await held.arrived;
    const caller = site.api.call(`GET ${within("/virtual-machines/web-01")}`).catch(() => "cut off");
    await reading.arrived;
    site.worker.crash();
    expect(await caller).toBe("cut off");
    held.release();
    reading.release();
    await until("the Worker is back", async () => (await site.api.call("GET /v1/clusters")).status === 200);
    await until("both are applied", async () => {
      const { items } = await site.api.ok(`GET ${at("/queue")}`);
      return items.map(({ state }: { state: string }) => state).join() === "applied,applied";
    });
    expect(site.gate.count("PATCH", machine)).toBe(2);
    expect((await site.api.ok(`GET ${within("/virtual-machines/db-01")}`)).description).toBe("second");
    expect((await site.api.ok(`GET ${at("/calls:verify")}`)).intact).toBe(true);
  });

  it("ends for an agent that is revoked", async () => {
    await site.api.ok(`POST ${at(`/agents/${one.id}:revoke`)}`, {});
    expect(await one.process?.ended).toMatchObject({ code: 4, stderr: expect.stringContaining("revoked") });
    expect(codeOf(await machines())).toEqual([503, "clusters.offline"]);
  });
});
