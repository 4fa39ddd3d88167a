import { expect } from "vitest";
import {
  callRelay,
  clustersPort,
  openClusterConsole,
  relayCallOf,
  relaysPort,
} from "../../../src/objects/clusters-port.ts";
import { relayOf } from "../../../src/platform/objects.ts";
import { type AgentOptions, connectAgent, type TestAgent } from "./test-agent.ts";
import { bindings, newWorld } from "./world.ts";

/** A tenant with ways to its relays: calls as modules make them, the queue, consoles. */
export async function newRelayWorld() {
  const world = await newWorld();
  const { tenantId } = world;
  const actor = { kind: "user" as const, id: "usr_1", tenantId, grants: ["*"] };
  const connect = (options: AgentOptions = {}) => connectAgent(world, options);
  const relay = ({ clusterId }: TestAgent) => relayOf(bindings, tenantId, clusterId);

  /** A call as modules make it. */
  const ask = (agent: TestAgent, more: object = {}) =>
    clustersPort(bindings).call(tenantId, actor, {
      clusterId: agent.clusterId,
      operation: "harvester.test",
      driver: "kubernetes",
      method: "GET",
      path: "/api/v1/nodes",
      ...more,
    });
  const outcomeOf = async ({ clusterId }: TestAgent, commandId: string) =>
    (await relaysPort(bindings).calls(tenantId, clusterId, { limit: 1, commandId }))[0];

  /** A write that may wait for a minute, unless told otherwise. */
  const queue = ({ clusterId }: TestAgent, asker: string, path: string, more: object = {}) => {
    const request = { operation: "harvester.test", driver: "kubernetes", method: "PATCH", path } as const;
    const call = relayCallOf(asker, { ...request, queueForMs: 60_000, ...more });
    return callRelay(bindings, tenantId, clusterId, call);
  };
  /** Of the queue's commands, in their order. */
  const states = async ({ clusterId }: TestAgent): Promise<string> =>
    (await world.ok(`GET /v1/clusters/${clusterId}/queue`)).body.items
      .map(({ state }: { state: string }) => state)
      .join();

  const consoleAt = ({ clusterId }: TestAgent) => {
    const request = { operation: "harvester.console", driver: "kubernetes", method: "GET" } as const;
    const call = relayCallOf("user:usr_1", { ...request, path: "/apis/console" });
    return openClusterConsole(bindings, tenantId, clusterId, call);
  };
  const openConsole = async (agent: TestAgent) => {
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
  };
  return { world, actor, connect, relay, ask, outcomeOf, queue, states, consoleAt, openConsole };
}

export type RelayWorld = Awaited<ReturnType<typeof newRelayWorld>>;

export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "none",
    (error: { failure?: { code: string } }) => error.failure?.code ?? String(error),
  );

export const textOf = (body: Uint8Array | ReadableStream<Uint8Array>) =>
  new Response(body as BodyInit).text();

/** A handler that answers when the test says so. */
export function held() {
  const waiting: ((response: Response) => void)[] = [];
  return {
    handle: () => new Promise<Response>((resolve) => waiting.push(resolve)),
    waiting,
    release: () => waiting.splice(0).forEach((go) => void go(Response.json({ late: true }))),
  };
}
