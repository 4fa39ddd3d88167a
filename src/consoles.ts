import type { Context, Hono } from "hono";
import { openSession } from "./context.ts";
import { type AppEnv, type Host, letIn } from "./http/serve.ts";
import { actorName } from "./kernel/actor-name.ts";
import { problem } from "./kernel/problem.ts";
import { beginConsole, type ConsolePlace, readTicket } from "./modules/harvester/index.ts";
import { openClusterConsole, relayCallOf } from "./objects/clusters-port.ts";
import type { Env } from "./platform/env.ts";

type C = Context<AppEnv<Env>>;

const action = "harvester.console.open";
/** What a client may offer as a subprotocol beside its ticket; the one that is answered. */
const spoken = "maru.console";
const ticketPrefix = "maru.ticket.";

/**
 * Consoles of virtual machines as WebSockets: `…/virtual-machines/{name}/console` (serial, text) and `…/vnc` (RFB). Browsers
 * can't send a credential with an upgrade: they bring a one-time ticket, in the query or as a subprotocol.
 */
export function mountConsoles(app: Hono<AppEnv<Env>>, host: Host<Env>): void {
  for (const kind of ["console", "vnc"] as const) {
    const path = `/v1/clusters/:id/namespaces/:namespace/virtual-machines/:name/${kind}`;
    app.get(path, (c) => serveConsole(c, host, kind));
  }
}

async function serveConsole(c: C, host: Host<Env>, kind: ConsolePlace["kind"]): Promise<Response> {
  const { id = "", namespace = "", name = "" } = c.req.param();
  const place: ConsolePlace = { id, namespace, name, kind };
  const offered = (c.req.header("sec-websocket-protocol") ?? "").split(",").map((one) => one.trim());
  const text =
    c.req.query("ticket") ?? offered.find((one) => one.startsWith(ticketPrefix))?.slice(ticketPrefix.length);
  const scope = text === undefined ? "clusters:write" : "public";
  const caller = await letIn(c, host, { action, scope });
  if (c.req.header("upgrade")?.toLowerCase() !== "websocket") throw upgradeMissing();
  const ticket = text === undefined ? undefined : await redeem(c, text, place);
  const actor = ticket?.actor ?? caller;
  const ctx = host.context(c, actor, { action });
  const draft = relayCallOf(actorName(actor), {
    operation: action,
    driver: "kubernetes",
    method: "GET",
    path: "/",
  });
  const { commandId } = draft;
  const call = { ...draft, ...(await beginConsole(ctx, place, { commandId, ticket: ticket?.row })) };
  const answer = await openClusterConsole(c.env, actor.tenantId, id, call);
  const headers = offered.includes(spoken) ? { "sec-websocket-protocol": spoken } : {};
  return new Response(null, { status: 101, webSocket: answer.webSocket, headers });
}

async function redeem(c: C, text: string, place: ConsolePlace): ReturnType<typeof readTicket> {
  const { now } = c.get("facts");
  const session = openSession(c.env, now, (work) => c.executionCtx.waitUntil(work));
  try {
    return await readTicket(session.db, text, place, now);
  } finally {
    session.after(session.db.close());
  }
}

function upgradeMissing() {
  return problem("malformed_request", "harvester.upgrade_missing", "This address takes WebSockets only.");
}
