import type { Context, Hono } from "hono";
import type { Refusal } from "../contracts/relay/hello.ts";
import { closeCodes } from "../contracts/relay/protocol.ts";
import { openSession } from "./context.ts";
import { type AppEnv, type Host, letIn } from "./http/serve.ts";
import { problem } from "./kernel/problem.ts";
import { findAgent } from "./modules/clusters/index.ts";
import type { Env } from "./platform/env.ts";
import { relayOf } from "./platform/objects.ts";

type C = Context<AppEnv<Env>>;

/** Where agents dial in: `GET /agent/v1/connect?tenant=…&cluster=…&agent=…`, a WebSocket. */
export function mountAgentGate(app: Hono<AppEnv<Env>>, host: Host<Env>): void {
  app.get("/agent/v1/connect", (c) => connect(c, host));
}

async function connect(c: C, host: Host<Env>): Promise<Response> {
  // An agent proves itself on the socket; until then it is a stranger, counted by its address.
  await letIn(c, host, { action: "clusters.agent.connect", scope: "public" });
  if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
    throw problem("malformed_request", "clusters.upgrade_missing", "This address takes WebSockets only.");
  }
  const { tenant = "", cluster = "", agent = "" } = c.req.query();
  if (!(await isEnrolled(c, tenant, cluster, agent))) return refuse();
  const relay = relayOf(c.env, tenant, cluster);
  const answer = await relay.fetch("https://relay/agent", { headers: { upgrade: "websocket" } });
  // A copy: the shell adds headers, and those of an answer that was fetched can't be changed.
  if (answer.webSocket !== null) return new Response(null, { status: 101, webSocket: answer.webSocket });
  throw problem("unavailable", "clusters.busy", "Too many agents are at the door. Try again in a moment.", {
    retryAfterMs: 5000,
  });
}

/** Only agents that there are wake an object. Whether one is revoked the object says, in words that the agent reads. */
async function isEnrolled(c: C, tenantId: string, clusterId: string, agentId: string): Promise<boolean> {
  if (!/^agt_[0-9a-z]{26}$/.test(agentId)) return false;
  const session = openSession(c.env, c.get("facts").now, (work) => c.executionCtx.waitUntil(work));
  try {
    return (await findAgent(session.db, tenantId, clusterId, agentId)) !== undefined;
  } finally {
    session.after(session.db.close());
  }
}

function refuse(): Response {
  const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
  const refusal: Refusal = {
    type: "refusal",
    code: "removed",
    detail: "This agent is not enrolled here, or its cluster was removed. Enrol it with a new token.",
    retry: false,
  };
  server.accept();
  server.send(JSON.stringify(refusal));
  server.close(closeCodes.removed, refusal.detail);
  return new Response(null, { status: 101, webSocket: client });
}
