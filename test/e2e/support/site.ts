import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { type LocalWorker, startLocalWorker } from "../../../scripts/local-worker.ts";
import { createSimulator } from "../../support/kube/create-simulator.ts";
import { administrator, harvesterCluster } from "../../support/kube/harvester/harvester-cluster.ts";
import type { Simulator } from "../../support/kube/words.ts";
import { type Api, newApi, until } from "./api.ts";
import { type Cable, startCable } from "./cable.ts";
import { freePort } from "./free-port.ts";
import { type Gate, startGate } from "./gate.ts";
import { type Running, start } from "./maru.ts";

/** An agent of a site: a folder of its own, and a process while it runs. */
export interface SiteAgent {
  readonly folder: string;
  readonly id: string;
  process: Running | undefined;
  run(): Running;
  /** As a power cut would. */
  kill(): Promise<void>;
}

/** A Worker, a simulated cluster and what lies between them, each to be broken by tests. */
export interface Site {
  readonly worker: LocalWorker;
  readonly api: Api;
  readonly simulator: Simulator;
  /** Between agents and the Worker. */
  readonly cable: Cable;
  /** Between agents and the cluster's API. */
  readonly gate: Gate;
  /** An HTTP application beside the cluster, `http:app` of every agent. */
  readonly app: App;
  /** Registers a cluster; answers its id. */
  cluster(name: string): Promise<string>;
  /** Enrols an agent; it is not started. `server` is the cluster's API where it is another than the gate's. */
  agent(clusterId: string, name: string, server?: string): Promise<SiteAgent>;
  /** A configuration in a folder of its own. */
  folder(server?: string): string;
  connected(clusterId: string, id: string, as?: "active" | "standby"): Promise<unknown>;
  close(): Promise<void>;
}

export interface App {
  readonly url: string;
  /** Bodies that came with POST, in full. */
  readonly posted: Buffer[];
  /** GETs of `/file`. */
  gets: number;
  /** What a GET answers. */
  body: Buffer;
}

export const program = "agent/bin/maru-agent.js";

async function startApp(): Promise<{ app: App; server: Server }> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    if (request.method === "POST") app.posted.push(Buffer.concat(parts));
    else if (request.url === "/file") app.gets++;
    response.end(request.method === "POST" ? "{}" : app.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const app: App = { url, posted: [], gets: 0, body: Buffer.alloc(0) };
  return { app, server };
}

export async function startSite(): Promise<Site> {
  const folders = [mkdtempSync(join(tmpdir(), "maru-site-"))];
  const agents: SiteAgent[] = [];
  const simulator = await createSimulator({
    extensions: harvesterCluster(),
    tokens: { secret: administrator },
    clock: 1,
  });
  const gate = await startGate(simulator.url);
  const { app, server } = await startApp();
  const port = await freePort();
  const vars = { MARU_EGRESS_HTTP_HOSTS: "127.0.0.1", MARU_RATE_LIMIT: "100000" };
  const worker = await startLocalWorker({ port, stateDir: folders[0] as string, vars });
  const cable = await startCable(port);
  const api = await newApi(worker.url, worker.secrets["MARU_BOOTSTRAP_TOKEN"] ?? "");
  const folder = (at = gate.url): string => {
    const made = mkdtempSync(join(tmpdir(), "maru-agent-"));
    folders.push(made);
    writeFileSync(join(made, "kubeconfig"), kubeconfig(at));
    const target = { url: app.url, methods: ["GET", "POST"] };
    const config = { kubernetes: { kubeconfig: "kubeconfig" }, prometheus: false, http: { app: target } };
    writeFileSync(join(made, "agent.yaml"), stringify(config));
    return made;
  };
  return {
    worker,
    api,
    simulator,
    cable,
    gate,
    app,
    folder,
    cluster: async (name) => (await api.ok("POST /v1/clusters", { name })).id,
    async agent(clusterId, name, at) {
      const made = folder(at);
      const { token } = await api.ok(`POST /v1/clusters/${clusterId}/enrolments`, {});
      const enroll = ["enroll", "--url", worker.url, "--token", token, "--name", name, "--config", made];
      const { code, stderr } = await start(program, enroll, {}).ended;
      if (code !== 0) throw new Error(stderr);
      const agent = agentIn(made, cable);
      agents.push(agent);
      return agent;
    },
    connected: (clusterId, id, role) =>
      until(`${id} is connected`, async () => {
        const { items } = await api.ok(`GET /v1/clusters/${clusterId}/agents`);
        const one = items.find((agent: { id: string }) => agent.id === id);
        return one?.connected === true && (role === undefined || one.role === role);
      }),
    async close() {
      for (const agent of agents) await agent.kill();
      cable.close();
      await worker.stop();
      await gate.down().catch(() => {});
      await simulator.stop();
      server.closeAllConnections();
      server.close();
      for (const each of folders) rmSync(each, { recursive: true, force: true });
    },
  };
}

const kubeconfig = (server: string): string =>
  stringify({
    "current-context": "sim",
    clusters: [{ name: "sim", cluster: { server } }],
    contexts: [{ name: "sim", context: { cluster: "sim", user: "sim" } }],
    users: [{ name: "sim", user: { token: "secret" } }],
  });

function agentIn(folder: string, cable: Cable): SiteAgent {
  const { agentId } = redirect(folder, (url) => url.replace(/:\d+\//, `:${cable.port}/`));
  const agent: SiteAgent = {
    folder,
    id: agentId,
    process: undefined,
    run() {
      agent.process = start(program, ["run", "--config", folder], {});
      return agent.process;
    },
    async kill() {
      agent.process?.kill("SIGKILL");
      await agent.process?.ended;
      agent.process = undefined;
    },
  };
  return agent;
}

/** Lets an enrolled agent dial somewhere else. */
export function redirect(folder: string, change: (connectUrl: string) => string) {
  const file = join(folder, "state", "identity.json");
  const identity = JSON.parse(readFileSync(file, "utf8"));
  const next = { ...identity, connectUrl: change(identity.connectUrl) };
  writeFileSync(file, JSON.stringify(next));
  return next as { tenantId: string; clusterId: string; agentId: string; connectUrl: string };
}

/** The same agent in another folder of the site. */
export function copyOf({ folder }: SiteAgent, site: Site): string {
  const copy = site.folder();
  cpSync(folder, copy, { recursive: true });
  return copy;
}
