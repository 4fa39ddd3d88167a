import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { type LocalWorker, startLocalWorker } from "../../scripts/local-worker.ts";
import { createSimulator } from "../support/kube/create-simulator.ts";
import { administrator, harvesterCluster } from "../support/kube/harvester/harvester-cluster.ts";
import type { Simulator } from "../support/kube/words.ts";
import { type Api, newApi, until } from "./support/api.ts";
import { freePort } from "./support/free-port.ts";
import { type Running, start } from "./support/maru.ts";

const program = "agent/bin/maru-agent.js";

describe("an agent between a Worker and a simulated cluster", () => {
  const folder = mkdtempSync(join(tmpdir(), "maru-agent-e2e-"));
  const stateDir = mkdtempSync(join(tmpdir(), "maru-agent-worker-"));
  const options = { stateDir, vars: { MARU_EGRESS_HTTP_HOSTS: "127.0.0.1", MARU_RATE_LIMIT: "100000" } };
  let port: number;
  let worker: LocalWorker;
  let simulator: Simulator;
  let app: Server;
  let api: Api;
  let cluster: string;
  let token: string;
  let agent: Running | undefined;
  let posts = 0;

  const run = (...args: string[]): Running => start(program, [...args, "--config", folder], {});
  const agents = async () => (await api.ok(`GET /v1/clusters/${cluster}/agents`)).items;
  const online = () => until("the agent is online", async () => (await agents())[0]?.connected === true);

  beforeAll(async () => {
    simulator = await createSimulator({
      extensions: harvesterCluster(),
      tokens: { secret: administrator },
      clock: 1,
    });
    app = createServer((request, response) => {
      if (request.method === "POST") posts++;
      request
        .resume()
        .on("end", () => response.end(JSON.stringify({ method: request.method, url: request.url })));
    });
    await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
    const kubeconfig = {
      "current-context": "sim",
      clusters: [{ name: "sim", cluster: { server: simulator.url } }],
      contexts: [{ name: "sim", context: { cluster: "sim", user: "sim" } }],
      users: [{ name: "sim", user: { token: "secret" } }],
    };
    writeFileSync(join(folder, "kubeconfig"), stringify(kubeconfig));
    const url = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
    const config = {
      kubernetes: { kubeconfig: "kubeconfig" },
      http: { app: { url, methods: ["GET", "POST"] } },
    };
    writeFileSync(join(folder, "agent.yaml"), stringify(config));
    port = await freePort();
    worker = await startLocalWorker({ port, ...options });
    api = await newApi(worker.url, worker.secrets["MARU_BOOTSTRAP_TOKEN"] ?? "");
    cluster = (await api.ok("POST /v1/clusters", { name: "sim" })).id;
    token = (await api.ok(`POST /v1/clusters/${cluster}/enrolments`, {})).token;
  }, 120_000);
  afterAll(async () => {
    agent?.kill("SIGKILL");
    await worker.stop();
    await simulator.stop();
    app.closeAllConnections();
    app.close();
    for (const each of [folder, stateDir]) rmSync(each, { recursive: true, force: true });
  });

  it("enrols by a token that works once", async () => {
    const enroll = ["enroll", "--url", worker.url, "--token", token, "--name", "one"];
    expect(await run(...enroll).ended).toMatchObject({ code: 0, stderr: "" });
    expect(existsSync(join(folder, "state", "agent.key"))).toBe(true);
    const again = await run(...enroll).ended;
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("--force") });
    const forced = await run(...enroll, "--state", join(folder, "other")).ended;
    expect(forced).toMatchObject({ code: 1, stderr: expect.stringContaining("clusters.token_used") });
  });

  it("finds everything in order", async () => {
    const { code, stdout } = await run("doctor", "--json").ended;
    const { checks } = JSON.parse(stdout);
    expect(checks.filter(({ result }: { result: string }) => result === "fail")).toEqual([]);
    expect(code).toBe(0);
    const korean = await run("doctor", "--lang", "ko").ended;
    expect(korean.stdout).toContain("클러스터 API");
  });

  it("comes online and tells what the cluster holds", async () => {
    agent = run("run");
    await online();
    const [{ drivers, name }] = await agents();
    expect(name).toBe("one");
    expect(drivers.map((driver: { name: string }) => driver.name)).toContain("kubernetes");
    const answer = await api.call(`GET /v1/clusters/${cluster}/virtual-machines`);
    expect(answer.status).toBe(200);
  });

  it("reaches what the administrator named, and nothing else", async () => {
    const answer = await api.call(`GET /v1/clusters/${cluster}/proxy/app/hello?x=1`);
    expect(answer).toMatchObject({ status: 200, body: { method: "GET", url: "/hello?x=1" } });
    const headers = { "idempotency-key": "once" };
    for (const repeat of [1, 2]) {
      const posted = await api.call(`POST /v1/clusters/${cluster}/proxy/app/do`, { repeat: "same" }, headers);
      expect([repeat, posted.status, posts]).toEqual([repeat, 200, 1]);
    }
    expect((await api.call(`GET /v1/clusters/${cluster}/proxy/other/hello`)).status).toBeGreaterThanOrEqual(
      400,
    );
  });

  it("is back after it was killed", async () => {
    agent?.kill("SIGKILL");
    await until("the agent is gone", async () => (await agents())[0]?.connected === false);
    agent = run("run");
    await online();
    expect((await api.call(`GET /v1/clusters/${cluster}/virtual-machines`)).status).toBe(200);
    expect((await run("log", "verify").ended).code).toBe(0);
  });

  it("finds its way back when the Worker was killed, and tells what changed meanwhile", async () => {
    worker.crash();
    const { store } = simulator.world;
    store.create(store.kindOf("", "namespaces"), { metadata: { name: "made-meanwhile" } as never });
    await until("the namespace is known", async () => {
      const { items } = await api.ok(`GET /v1/clusters/${cluster}/namespaces`);
      return items.some((one: { name: string }) => one.name === "made-meanwhile");
    });
    await online();
    expect((await api.call(`GET /v1/clusters/${cluster}/virtual-machines`)).status).toBe(200);
  }, 120_000);

  it("ends by itself when it is revoked", async () => {
    const [{ id }] = await agents();
    await api.ok(`POST /v1/clusters/${cluster}/agents/${id}:revoke`, {});
    const ended = await agent?.ended;
    expect(ended).toMatchObject({ code: 4, stderr: expect.stringContaining("revoked") });
    expect(posts).toBe(1);
  });
});
