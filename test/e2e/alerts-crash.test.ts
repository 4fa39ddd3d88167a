import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalWorker, startLocalWorker } from "../../scripts/local-worker.ts";
import { type Api, newApi, until } from "./support/api.ts";
import { freePort } from "./support/free-port.ts";
import { type Receiver, startReceiver } from "./support/receiver.ts";

const hosts = ["a", "b", "c", "d"];

/** Held long enough that the pending state, too, is there to be lost. */
const rule = {
  name: "cpu high",
  key: ["data.host"],
  keyLabels: ["host"],
  trigger: { kind: "filter", value: "data.cpu" },
  condition: { kind: "static", of: "value", open: { op: ">", value: 80 }, close: { op: "<", value: 70 } },
  forMs: 2_000,
  time: "processing",
  labels: { severity: "critical" },
};

describe("a worker that is killed again and again while alerts come and go", () => {
  const stateDir = mkdtempSync(join(tmpdir(), "maru-alerts-"));
  let worker: LocalWorker;
  let receiver: Receiver;
  let api: Api;
  let address: string;
  beforeAll(async () => {
    receiver = await startReceiver();
    worker = await startLocalWorker({
      port: await freePort(),
      stateDir,
      vars: { MARU_EGRESS_HTTP_HOSTS: "127.0.0.1", MARU_RATE_LIMIT: "100000" },
    });
    api = await newApi(worker.url, worker.secrets["MARU_BOOTSTRAP_TOKEN"] ?? "");
    const source = await api.ok("POST /v1/sources", { name: "hosts", kind: "cloudevents", proof: "token" });
    address = `/in/${source.id}/${source.token}`;
    const { id } = await api.ok("POST /v1/rules", { definition: rule });
    await api.ok(`POST /v1/rules/${id}/versions/1:validate`, {});
    await api.ok(`POST /v1/rules/${id}/versions/1:publish`, {});
    const config = { kind: "webhook", url: `${receiver.origin}/hook` };
    const channel = await api.ok("POST /v1/channels", { name: "hook", config });
    await api.ok("PUT /v1/routing", {
      route: { receiver: "ops", groupBy: ["host"], groupWaitMs: 0, groupIntervalMs: 500 },
      receivers: [{ name: "ops", channels: [{ channelId: channel.id }] }],
      inhibitions: [],
      maintenance: [],
      timeIntervals: {},
    });
    await until("the engine knows the rule", async () => {
      await post("warm-up", 10, `warm-${Date.now()}`);
      return (await api.ok(`GET /v1/rules/${id}/health`)).versions.length === 1;
    });
  }, 120_000);
  afterAll(async () => {
    await worker.stop();
    receiver.close();
    rmSync(stateDir, { recursive: true, force: true });
  });

  /** As a sender that can't know what became of its request: it sends the same event until it is taken. */
  const post = (host: string, cpu: number, id: string) =>
    until(`${id} is taken`, async () => {
      const event = { specversion: "1.0", id, source: "/hosts", type: "host.cpu", data: { host, cpu } };
      const type = { "content-type": "application/cloudevents+json" };
      return (await api.call(`POST ${address}`, event, type)).status === 202;
    });
  const statuses = async () => {
    const { items } = await api.ok("GET /v1/alerts?limit=200");
    return Object.fromEntries(
      items.map(({ labels, status }: { labels: { host: string }; status: string }) => [labels.host, status]),
    );
  };
  const everywhere = (status: string) => Object.fromEntries(hosts.map((host) => [host, status]));
  /** `firing a`, once for each notification however often its request came. */
  const told = () => {
    const byId = new Map(receiver.to("/hook").map(({ headers, body }) => [headers["webhook-id"], body]));
    return [...byId.values()].flatMap((body) =>
      JSON.parse(body).data.alerts.map(
        ({ labels, status }: { labels: { host: string }; status: string }) => `${status} ${labels.host}`,
      ),
    );
  };

  it("keeps every state, and says that each fires and that each ended exactly once", async () => {
    for (const [index, host] of hosts.entries()) {
      const taken = post(host, 95, `${host}-high`);
      if (index === 1) worker.crash();
      await taken;
      if (index === 2) worker.crash();
    }
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    worker.crash();
    await until("all fire", async () => {
      expect(await statuses()).toMatchObject(everywhere("firing"));
      return true;
    });
    worker.crash();
    await until("all have been told", () => told().length >= hosts.length, 90_000);
    for (const [index, host] of hosts.entries()) {
      const taken = post(host, 50, `${host}-low`);
      if (index === 0) worker.crash();
      await taken;
    }
    await until("all ended", async () => {
      expect(await statuses()).toMatchObject(everywhere("resolved"));
      return true;
    });
    await until("all ends have been told", () => told().length >= 2 * hosts.length, 90_000);
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect(told().sort()).toEqual([
      ...hosts.map((host) => `firing ${host}`),
      ...hosts.map((host) => `resolved ${host}`),
    ]);
    const ids = receiver.to("/hook").map(({ headers }) => headers["webhook-id"]);
    console.info(`${ids.length} requests for ${new Set(ids).size} notifications after five kills`);
  }, 280_000);
});
