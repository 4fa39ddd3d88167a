import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { Challenge, helloText } from "../../../contracts/relay/hello.ts";
import { protocol } from "../../../contracts/relay/protocol.ts";
import worker from "../../../src/worker.ts";
import { problemOf } from "../support/tenant.ts";
import { connectAgent, enrollAgent, newAgentKey } from "../support/test-agent.ts";
import { type bindings, eventually, newWorld, type World } from "../support/world.ts";

const fetcher = exports as unknown as { default: { fetch(request: Request): Promise<Response> } };

let world: World;
beforeAll(async () => {
  world = await newWorld();
});

type Enrolled = Awaited<ReturnType<typeof enrollAgent>>;

/** A socket at an agent's door that says only what the test says. */
async function knock(agent: Enrolled) {
  const url = agent.enrolment.connectUrl.replace(/^ws/, "http");
  const { webSocket } = await fetcher.default.fetch(new Request(url, { headers: { upgrade: "websocket" } }));
  if (webSocket === null) throw new Error("no WebSocket");
  const heard: { type: string; code?: string }[] = [];
  let closed: number | undefined;
  webSocket.addEventListener("message", ({ data }) => heard.push(JSON.parse(String(data))));
  webSocket.addEventListener("close", ({ code }) => {
    closed = code;
  });
  webSocket.accept();
  const challenge = await eventually("a challenge", async () => heard[0]);
  return {
    challenge: Challenge.parse(challenge),
    heard,
    say: (text: string | ArrayBuffer) => webSocket.send(text),
    code: () => eventually("the close", async () => closed),
    close: () => webSocket.close(),
  };
}

async function helloOf(agent: Enrolled, challenge: Challenge, more: object = {}, key = agent.key) {
  const facts = {
    agentId: agent.agentId,
    session: "0".repeat(32),
    protocol: protocol.version,
    ...more,
  };
  return JSON.stringify({
    type: "hello",
    ...facts,
    epoch: 0,
    got: 0,
    report: {
      version: "0",
      platform: "test",
      hostname: "test",
      readOnly: false,
      drivers: [],
      policySha256: "",
      log: { seq: 0, hash: "" },
    },
    signature: await key.sign(helloText(challenge, facts)),
  });
}

const proxied = async (agent: Enrolled) =>
  problemOf(await world.call(`GET /v1/clusters/${agent.clusterId}/proxy/files/x`));

describe("a stranger at an agent's door", () => {
  it("can't use a hello that was heard on another socket", async () => {
    const agent = await enrollAgent(world);
    const [first, second] = [await knock(agent), await knock(agent)];
    const hello = await helloOf(agent, first.challenge);
    second.say(hello);
    await second.code();
    expect(second.heard.at(-1)).toMatchObject({ type: "refusal", code: "unauthenticated" });
    first.say(hello);
    await eventually("a welcome", async () => first.heard.some(({ type }) => type === "welcome"));
    first.close();
  });

  it("can't speak for another agent with a key of its own", async () => {
    const agent = await enrollAgent(world);
    const other = await connectAgent(world, { clusterId: agent.clusterId });
    for (const more of [{ agentId: other.agentId }, { agentId: `agt_${"0".repeat(26)}` }]) {
      const door = await knock(agent);
      door.say(await helloOf(agent, door.challenge, more));
      expect(await door.code()).toBe(4401);
    }
    const door = await knock(agent);
    door.say(await helloOf(agent, door.challenge, {}, await newAgentKey()));
    expect(await door.code()).toBe(4401);
    expect(other.state.closed).toBeUndefined();
  });

  it("has one hello of a bearable length, and nothing before it", async () => {
    const agent = await enrollAgent(world);
    const twice = await knock(agent);
    const hello = await helloOf(agent, twice.challenge);
    twice.say(hello);
    twice.say(hello);
    expect(await twice.code()).toBe(4400);
    for (const word of [" ".repeat(70_000), new ArrayBuffer(16)]) {
      const door = await knock(agent);
      door.say(word);
      expect(await door.code()).toBe(4400);
    }
    for (const word of ["{}", "no json", '{"type":"report"}', '{"type":"hello","protocol":1}']) {
      const door = await knock(agent);
      door.say(word);
      expect(await door.code()).toBe(4400);
      expect(door.heard.at(-1)).toMatchObject({ type: "refusal", code: "malformed" });
    }
    expect(await proxied(agent)).toMatchObject({ status: 503, code: "clusters.offline" });
  });

  it("does not get in by the side of its own revocation", async () => {
    for (let turn = 0; turn < 3; turn++) {
      const agent = await enrollAgent(world);
      const door = await knock(agent);
      const hello = await helloOf(agent, door.challenge);
      const path = `POST /v1/clusters/${agent.clusterId}/agents/${agent.agentId}:revoke`;
      const revoked = world.ok(path, { json: {} });
      door.say(hello);
      await revoked;
      expect([4403, 4401]).toContain(await door.code());
      expect(await proxied(agent)).toMatchObject({ status: 503, code: "clusters.offline" });
    }
  });

  it("is waited for ten seconds and no longer", { timeout: 20_000 }, async () => {
    const door = await knock(await enrollAgent(world));
    expect(await door.code()).toBe(4401);
  });

  it("may knock or guess tokens only so often from one address", async () => {
    const vars = { MARU_RATE_LIMIT: "4", MARU_RATE_WINDOW_S: "3600" };
    const address = `198.51.100.${Math.floor(Math.random() * 250)}-${Date.now()}`;
    const ask = async (path: string, init: RequestInit = {}) => {
      const headers = { "cf-connecting-ip": address, ...init.headers };
      const request = new Request(`https://maru.test${path}`, { ...init, headers });
      const ctx = createExecutionContext();
      const asked = request as Parameters<typeof worker.fetch>[0];
      const { status } = await worker.fetch(asked, { ...env, ...vars } as unknown as typeof bindings, ctx);
      await waitOnExecutionContext(ctx);
      return status;
    };
    const guess = () =>
      ask("/agent/v1/enroll", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}",
      });
    const dial = () =>
      ask("/agent/v1/connect?tenant=a&cluster=b&agent=c", { headers: { upgrade: "websocket" } });
    expect([await guess(), await guess(), await dial(), await dial()]).toEqual([422, 422, 101, 101]);
    expect([await guess(), await dial()]).toEqual([429, 429]);
  });
});
