import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Api, newApi, until } from "./support/api.ts";
import { isSigned, type Received, type Receiver, startReceiver } from "./support/receiver.ts";

const key = Buffer.alloc(32, 9);
const secret = `whsec_${key.toString("base64")}`;
const rule = {
  name: "cpu high",
  key: ["data.host"],
  keyLabels: ["host"],
  trigger: { kind: "filter", value: "data.cpu" },
  condition: { kind: "static", of: "value", open: { op: ">", value: 80 }, close: { op: "<", value: 70 } },
  labels: { severity: "critical" },
  annotations: { summary: "{{ key[0] }} is busy" },
};

describe("from an event to who is told", () => {
  let api: Api;
  let receiver: Receiver;
  let address: string;
  let sent = 0;
  beforeAll(async () => {
    receiver = await startReceiver();
    api = await newApi(inject("e2eEndpoint"), inject("e2eBootstrapToken"));
    await api.ok("PUT /v1/secrets/hook", { value: secret });
    const source = await api.ok("POST /v1/sources", { name: "hosts", kind: "cloudevents", proof: "token" });
    address = `/in/${source.id}/${source.token}`;
    const { id } = await api.ok("POST /v1/rules", { definition: rule });
    await api.ok(`POST /v1/rules/${id}/versions/1:validate`, {});
    await api.ok(`POST /v1/rules/${id}/versions/1:publish`, {});
    await until("the engine knows the rule", async () => {
      await post("warm-up", 10);
      return (await api.ok(`GET /v1/rules/${id}/health`)).versions.length === 1;
    });
  });
  afterAll(() => receiver.close());

  const post = async (host: string, cpu: number) => {
    const id = `e${sent++}`;
    const event = { specversion: "1.0", id, source: "/hosts", type: "host.cpu", data: { host, cpu } };
    const answer = await api.call(`POST ${address}`, event, {
      "content-type": "application/cloudevents+json",
    });
    expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  };
  const channel = async (path: string): Promise<string> => {
    const config = { kind: "webhook", url: receiver.origin + path };
    return (await api.ok("POST /v1/channels", { name: path, config, secretName: "hook" })).id;
  };
  const route = (channelIds: readonly string[], more: object = {}) =>
    api.ok("PUT /v1/routing", {
      route: { receiver: "ops", groupBy: ["host"], groupWaitMs: 0, groupIntervalMs: 500, ...more },
      receivers: [{ name: "ops", channels: channelIds.map((channelId) => ({ channelId })) }],
      inhibitions: [],
      maintenance: [],
      timeIntervals: {},
    });
  const settled = (channelId: string, state: string) =>
    until(`${state} at ${channelId}`, async () => {
      const { items } = await api.ok(`GET /v1/deliveries?channelId=${channelId}&state=${state}`);
      return items[0] as { id: string; attempts: number } | undefined;
    });
  const said = ({ body }: Received) => {
    const { type, data } = JSON.parse(body);
    return `${type} ${data.alerts.map((alert: { labels: { host: string } }) => alert.labels.host)}`;
  };

  it("sends that it fires and that it ended once each, signed, and stays with one id over retries", async () => {
    const id = await channel("/busy");
    await route([id]);
    receiver.answers.set("/busy", [{ status: 503, headers: { "retry-after": "7" }, body: "not now" }]);
    await post("db-1", 95);
    await until("a second attempt", () => receiver.to("/busy").length === 2);
    const [first, second] = receiver.to("/busy");
    if (first === undefined || second === undefined) throw new Error("two attempts");
    expect([first, second].map((one) => isSigned(one, key))).toEqual([true, true]);
    expect(second.headers["webhook-id"]).toBe(first.headers["webhook-id"]);
    expect(second.at - first.at).toBeGreaterThanOrEqual(6_900);
    await settled(id, "sent");
    await post("db-1", 50);
    await until("the end", () => receiver.to("/busy").length === 3);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(receiver.to("/busy").map(said)).toEqual([
      "alerts.group.firing db-1",
      "alerts.group.firing db-1",
      "alerts.group.resolved db-1",
    ]);
    const delivery = await api.ok(`GET /v1/deliveries/${first.headers["webhook-id"]}`);
    expect(delivery).toMatchObject({ state: "sent", attempts: 2 });
    expect(delivery.log).toMatchObject([
      { attempt: 2, state: "sent", status: 204 },
      { attempt: 1, state: "retry", status: 503, detail: "answered 503: not now" },
    ]);
    const log = readFileSync(join(inject("e2eStateDir"), "worker.log"), "utf8");
    for (const text of [log, JSON.stringify(delivery)]) expect(text).not.toContain(secret.slice(6));
  }, 90_000);

  it("tells an end after the beginning, also where the beginning had to be tried again", async () => {
    const id = await channel("/late");
    await route([id]);
    receiver.answers.set("/late", [{ status: 503 }]);
    await post("db-4", 95);
    await until("an attempt", () => receiver.to("/late").length === 1);
    await post("db-4", 50);
    await until("the end", () => receiver.to("/late").length === 3);
    const types = receiver.to("/late").map(({ body }) => JSON.parse(body).data.status);
    expect(types).toEqual(["firing", "firing", "resolved"]);
  }, 90_000);

  it("switches a channel off that is gone, and sends a dead letter once more under its id", async () => {
    const id = await channel("/gone");
    await route([id]);
    receiver.answers.set("/gone", [{ status: 410 }]);
    await post("db-2", 95);
    const dead = await settled(id, "dead");
    const off = await api.ok(`GET /v1/channels/${id}`);
    expect(off.disabledReason).toContain("410");
    const refused = await api.ok(`POST /v1/deliveries/${dead.id}:resend`);
    expect(refused.state).toBe("dead");
    await api.ok(`PATCH /v1/channels/${id}`, { enabled: true });
    expect(await api.ok(`POST /v1/deliveries/${dead.id}:resend`)).toMatchObject({ state: "sent" });
    const ids = receiver.to("/gone").map(({ headers }) => headers["webhook-id"]);
    expect(ids).toEqual([dead.id, dead.id]);
    const { items } = await api.ok("GET /v1/alerts?match=host%3Ddb-2");
    const explained = await api.ok(`GET /v1/alerts/${items[0].fingerprint}/explanation`);
    expect(explained.answers[0]).toMatchObject({ outcome: "sent", delivery: { state: "sent" } });
    await post("db-2", 10);
    await until("it ends", async () => (await api.ok("GET /v1/alerts?status=firing")).items.length === 0);
  }, 90_000);

  it("wakes who is on call, then the next one, until somebody takes care", async () => {
    const [kim, lee] = await Promise.all(
      ["kim", "lee"].map(async (name) => {
        const email = `${name}-${Date.now()}@example.com`;
        const password = "correct horse battery staple";
        const user = await api.ok("POST /v1/users", { email, name, role: "developer", password });
        const contacts = [{ channelId: await channel(`/${name}`) }];
        await api.ok(`PUT /v1/users/${user.id}/notification-preferences`, { contacts });
        return user.id as string;
      }),
    );
    const layer = {
      name: "days",
      participants: [kim],
      startsOn: "2026-01-01",
      handoverAt: "09:00",
      turn: { unit: "day", count: 1 },
    };
    const schedule = await api.ok("POST /v1/on-call-schedules", {
      name: "first line",
      zone: "Asia/Seoul",
      layers: [layer],
      fallback: { kind: "user", id: lee },
    });
    const policy = await api.ok("POST /v1/escalation-policies", {
      name: "page",
      steps: [
        { targets: [{ kind: "schedule", id: schedule.id }], waitMs: 2_000 },
        { targets: [{ kind: "user", id: lee }], waitMs: 600_000 },
      ],
    });
    await route([], { escalation: policy.id });
    const onCall = await api.ok(`GET /v1/on-call-schedules/${schedule.id}/on-call`);
    expect(onCall.now).toEqual({ source: "layer", layer: "days", target: { kind: "user", id: kim } });
    await post("db-3", 95);
    await until("lee is told", () => receiver.to("/lee").length > 0);
    expect(receiver.to("/kim").map(said)).toEqual(["alerts.escalation.firing db-3"]);
    const { items } = await api.ok("GET /v1/alerts?status=firing&match=host%3Ddb-3");
    await api.ok(`POST /v1/alerts/${items[0].fingerprint}:acknowledge`, {});
    await post("db-3", 10);
    await until("both hear of the end", () => receiver.to("/lee").length + receiver.to("/kim").length === 4);
    const { timeline } = await api.ok(`GET /v1/alerts/${items[0].fingerprint}`);
    const steps = timeline.filter(({ type }: { type: string }) => type === "escalated").toReversed();
    expect(steps.map(({ data }: { data: Record<string, unknown> }) => [data["what"], data["step"]])).toEqual([
      ["told", 0],
      ["told", 1],
      ["stopped", undefined],
      ["stopped", undefined],
    ]);
  }, 90_000);
});
