import { runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { expect, inject, it } from "vitest";
import { relayOf } from "../../../src/platform/objects.ts";
import { simulatedCluster } from "../support/simulated-cluster.ts";
import { connectAgent } from "../support/test-agent.ts";
import { bindings, eventually, newWorld } from "../support/world.ts";

const fetcher = exports as unknown as { default: { fetch(request: Request): Promise<Response> } };
const at = (id: string, name = "web-01") => `/v1/clusters/${id}/namespaces/default/virtual-machines/${name}`;

/** A cluster whose agent answers from the simulated one, and whose consoles say back what is typed. */
async function withConsole() {
  const world = await newWorld();
  const { url, token } = inject("cluster");
  const agent = await connectAgent(world, {
    handle: ({ path }) => fetch(url + path, { headers: { authorization: `Bearer ${token}` } }),
    console: (say) => {
      say("login: ");
      return (message) => say(`you typed ${message}`);
    },
  });
  return { world, agent };
}

const dial = (path: string, headers: Record<string, string> = {}) =>
  fetcher.default.fetch(
    new Request(`https://maru.test${path}`, { headers: { upgrade: "websocket", ...headers } }),
  );

it("opens a console with a ticket, once, and carries both ways", async () => {
  const { world, agent } = await withConsole();
  const { body } = await world.ok(`POST ${at(agent.clusterId)}:consoleTicket`, { json: {} });
  const answer = await dial(body.path);
  expect(answer.status).toBe(101);
  const socket = answer.webSocket;
  if (!socket) throw new Error("no socket");
  const heard: string[] = [];
  socket.addEventListener("message", ({ data }) => heard.push(String(data)));
  socket.accept();
  socket.send("uname -a");
  await eventually("an echo", async () => heard.includes("you typed uname -a"));
  expect(heard[0]).toBe("login: ");
  socket.close(1000, "done");
  const command = agent.commands.find(({ path }) => path.endsWith("/console"));
  expect(command).toMatchObject({ operation: "harvester.console.open", verb: "GET", driver: "kubernetes" });
  const { items } = (await world.ok("GET /v1/audit/events?limit=50")).body;
  const opened = items.find((event: { action: string }) => event.action === "harvester.console.open");
  expect(opened.after).toEqual({ commandId: command?.id, kind: "console" });
  expect(JSON.stringify(items)).not.toContain(body.ticket);

  const again = await dial(body.path);
  expect([again.status, ((await again.json()) as { code: string }).code]).toEqual([
    401,
    "harvester.ticket_refused",
  ]);
});

it("takes the ticket as a subprotocol and answers the one that it speaks", async () => {
  const { world, agent } = await withConsole();
  const json = { kind: "vnc" };
  const { ticket } = (await world.ok(`POST ${at(agent.clusterId)}:consoleTicket`, { json })).body;
  const protocols = { "sec-websocket-protocol": `maru.console, maru.ticket.${ticket}` };
  const wrong = await dial(`${at(agent.clusterId)}/console`, protocols);
  expect(wrong.status).toBe(401);
  const answer = await dial(`${at(agent.clusterId)}/vnc`, protocols);
  expect([answer.status, answer.headers.get("sec-websocket-protocol")]).toEqual([101, "maru.console"]);
  answer.webSocket?.accept();
  answer.webSocket?.close();
});

it("is closed within a minute when access is withdrawn from who uses it", async () => {
  const { world, agent } = await withConsole();
  const open = async () => {
    const created = await world.ok("POST /v1/keys", {
      json: { name: "operator", scopes: ["clusters:write"] },
    });
    const answer = await dial(`${at(agent.clusterId)}/console`, {
      authorization: `Bearer ${created.body.key}`,
    });
    const closed: number[] = [];
    answer.webSocket?.addEventListener("close", ({ code }) => closed.push(code));
    answer.webSocket?.accept();
    return { id: created.body.id, socket: answer.webSocket, closed };
  };
  const [one, other] = [await open(), await open()];
  await world.ok(`POST /v1/keys/${one.id}:revoke`, { json: {} });
  const relay = relayOf(bindings, world.tenantId, agent.clusterId);
  await runInDurableObject(relay, (object) => {
    const { wake } = object as unknown as { wake(reason: string, now: number): Promise<number | undefined> };
    return wake.call(object, "sweep", Date.now());
  });
  await eventually("the close", async () => one.closed.includes(1008));
  expect(other.closed).toEqual([]);
  other.socket?.close();
});

it("doesn't open with the ticket of somebody who was shut out since", async () => {
  const { world, agent } = await withConsole();
  const created = await world.ok("POST /v1/keys", { json: { name: "operator", scopes: ["clusters:write"] } });
  const as = created.body.key;
  const { body } = await world.ok(`POST ${at(agent.clusterId)}:consoleTicket`, { as, json: {} });
  await world.ok(`POST /v1/keys/${created.body.id}:revoke`, { json: {} });
  const refused = await dial(body.path);
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
    401,
    "harvester.ticket_refused",
  ]);
});

it("opens with a credential in a header, and refuses those without the scope", async () => {
  const { world, agent } = await withConsole();
  const path = `${at(agent.clusterId)}/console`;
  const nobody = await dial(path);
  expect(nobody.status).toBe(401);
  const reader = await dial(path, { authorization: `Bearer ${await world.key(["clusters:read"])}` });
  expect(reader.status).toBe(403);
  const writer = await dial(path, { authorization: `Bearer ${await world.key(["clusters:write"])}` });
  expect(writer.status).toBe(101);
  writer.webSocket?.accept();
  writer.webSocket?.close();
});

it("hides the consoles of other tenants and of machines that don't run", async () => {
  const { agent } = await withConsole();
  const other = await newWorld();
  const authorization = `Bearer ${await other.key(["*"])}`;
  expect((await dial(`${at(agent.clusterId)}/console`, { authorization })).status).toBe(404);
  const own = await simulatedCluster(other);
  const stopped = await dial(`${at(own.clusterId, "build-01")}/console`, { authorization });
  expect([stopped.status, ((await stopped.json()) as { code: string }).code]).toEqual([
    409,
    "harvester.wrong_state",
  ]);
  const refused = await dial(`${at(own.clusterId)}/console`, { authorization });
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
    404,
    "clusters.console_refused",
  ]);
});
