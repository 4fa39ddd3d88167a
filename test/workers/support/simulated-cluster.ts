import { inject } from "vitest";
import type {} from "../../support/provided.ts";
import { connectAgent, type Handle, type TestAgent } from "./test-agent.ts";
import type { World } from "./world.ts";

/** Lets an agent of the test reach the simulated cluster, as the real one's driver does. */
const toCluster: Handle = async (command, body) => {
  const { url, token } = inject("cluster");
  const response = await fetch(url + command.path, {
    method: command.verb,
    headers: { ...command.headers, authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: await new Response(body).arrayBuffer() }),
  });
  return new Response(response.body, { status: response.status, headers: new Headers(response.headers) });
};

/** The world's own registration of the simulated cluster, with an agent that is connected; made once. */
export function simulatedCluster(world: World): Promise<TestAgent> {
  return world.once("a simulated cluster", () => connectAgent(world, { handle: toCluster }));
}

/** Asks the simulated cluster itself, past the product. */
export async function inCluster(method: string, path: string, body?: unknown): Promise<unknown> {
  const { url, token } = inject("cluster");
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.json();
}
