import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { beforeAll, expect, it } from "vitest";
import type { MaruEvent } from "../../../contracts/events.ts";
import { openD1 } from "../../../src/db/d1.ts";
import { ledgerTables } from "../../../src/db/ledger-tables.ts";
import { readHistory } from "../../../src/modules/sources/index.ts";
import { r2Blobs } from "../../../src/platform/blob/r2.ts";
import worker from "../../../src/worker.ts";
import { bindings, eventually, newWorld, type World } from "../support/world.ts";

let world: World;
let ruleId: string;
beforeAll(async () => {
  world = await newWorld();
  const definition = {
    name: "seen",
    key: ["data.host"],
    trigger: { kind: "filter", value: "data.cpu" },
    condition: { kind: "static", of: "value", open: { op: ">", value: 80 } },
  };
  ruleId = (await world.ok("POST /v1/rules", { json: { definition } })).body.id;
  await world.ok(`POST /v1/rules/${ruleId}/versions/1:validate`, { json: {} });
  await world.ok(`POST /v1/rules/${ruleId}/versions/1:publish`, { json: {} });
  await eventually("the engine knows the rule", async () => (await counters()) !== undefined);
});

const counters = async () => (await world.ok(`GET /v1/rules/${ruleId}/health`)).body.versions[0]?.counters;

async function queuedSource(limits = {}): Promise<{ id: string; address: string }> {
  const json = { name: world.name("queued"), kind: "cloudevents", delivery: "queued", limits };
  const { body } = await world.ok("POST /v1/sources", { json });
  expect(body.delivery).toBe("queued");
  return { id: body.id, address: `https://maru.test${body.path}/${body.token}` };
}

async function post(address: string, events: readonly object[]) {
  const headers = { "content-type": "application/cloudevents-batch+json" };
  const request = new Request(address, { method: "POST", headers, body: JSON.stringify(events) });
  const response = await worker.fetch(request, bindings, createExecutionContext());
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const cloudEvent = (id: string, more: object = {}) => ({
  specversion: "1.0",
  id,
  source: "/hosts",
  type: "cpu",
  data: { host: "h", cpu: 1, ...more },
});

let made = 0;
const maruEvent = (sourceid: string, more: Partial<MaruEvent> = {}): MaruEvent => {
  const at = 1_800_000_000_000 + made++;
  const event = { id: `made-${made}`, source: "/hosts", type: "cpu", time: at, data: { host: "h", cpu: 1 } };
  const gate = { ingesttime: at, ingestseq: at * 1000, verified: "token" as const };
  return { ...event, tenantid: world.tenantId, sourceid, ...gate, ...more };
};

async function deliver(bodies: readonly unknown[], attempts = 1, queue = "maru-events") {
  const messages = bodies.map((body, n) => ({ id: `m${n}`, timestamp: new Date(), attempts, body }));
  const [batch, ctx] = [createMessageBatch(queue, messages), createExecutionContext()];
  await worker.queue(batch as MessageBatch, bindings, ctx);
  const { explicitAcks, retryMessages } = await getQueueResult(batch, ctx);
  return { acked: explicitAcks.toSorted(), retried: retryMessages.map(({ msgId }) => msgId).toSorted() };
}

const packet = (...events: readonly MaruEvent[]) => ({ tenantId: world.tenantId, events });
const asideOf = async (sourceId: string) =>
  (await world.ok(`GET /v1/sources/${sourceId}/set-aside`)).body.items;

it("answers once the queue has the events, and the rules take them from there", async () => {
  const { id, address } = await queuedSource();
  const before = await counters();
  const answer = await post(address, [cloudEvent("q1"), cloudEvent("q2"), cloudEvent("q2")]);
  expect(answer).toMatchObject({ status: 202, body: { accepted: 2, duplicate: 1, rejected: 0 } });
  await eventually("the rules have both", async () => (await counters()).events - before.events === 2);
  const counts = await eventually("they are counted", async () => {
    const { minutes } = (await world.ok(`GET /v1/sources/${id}/intake`)).body;
    const found: [string, number][] = minutes.map((row: { outcome: string; count: number }) => [
      row.outcome,
      row.count,
    ]);
    return found.length === 3 && Object.fromEntries(found);
  });
  expect(counts).toEqual({ queued: 2, duplicate: 1, accepted: 2 });
});

it("names the kept object in the message where the events are too many for one, and takes them all", async () => {
  const { id, address } = await queuedSource();
  const before = await counters();
  const many = Array.from({ length: 400 }, (_, n) => cloudEvent(`big-${n}`, { text: "x".repeat(300) }));
  expect((await post(address, many)).body).toMatchObject({ accepted: 400 });
  await eventually("the rules have all", async () => (await counters()).events - before.events === 400);
  const range = { from: Date.now() - 60_000, to: Date.now() + 60_000, sourceIds: [id] };
  const ids: string[] = [];
  for await (const event of readHistory(r2Blobs(bindings.BLOBS), world.tenantId, range)) ids.push(event.id);
  expect(ids).toEqual(many.map((event) => event.id));
});

it("takes large requests of a source that keeps nothing, too", async () => {
  const { address } = await queuedSource({ retentionDays: 0 });
  const before = await counters();
  const many = Array.from({ length: 400 }, (_, n) => cloudEvent(`brief-${n}`, { text: "x".repeat(300) }));
  expect((await post(address, many)).status).toBe(202);
  await eventually("the rules have all", async () => (await counters()).events - before.events === 400);
});

it("counts a redelivered message once, and lists the sender's repeats as duplicates", async () => {
  const { id } = await queuedSource();
  const event = maruEvent(id);
  const before = await counters();
  expect(await deliver([packet(event)])).toEqual({ acked: ["m0"], retried: [] });
  expect(await deliver([packet(event)], 2)).toEqual({ acked: ["m0"], retried: [] });
  expect((await counters()).events - before.events).toBe(1);
  expect(await asideOf(id)).toEqual([]);
  await deliver([packet({ ...maruEvent(id), id: event.id })]);
  expect(await asideOf(id)).toEqual([expect.objectContaining({ reason: "duplicate", eventId: event.id })]);
});

it("gives up only the packet that can't be taken, with its reason, and takes it again by hand", async () => {
  const { id } = await queuedSource();
  const [good, bad] = [maruEvent(id), maruEvent(id)];
  const { source: _, ...broken } = bad;
  const poison = packet(broken as MaruEvent);
  expect(await deliver([packet(good), poison])).toEqual({ acked: [], retried: ["m0", "m1"] });
  expect(await deliver([packet(good), poison], 2)).toEqual({ acked: ["m0"], retried: ["m1"] });
  expect(await deliver([poison], 8)).toEqual({ acked: ["m0"], retried: [] });
  expect(await asideOf(id)).toEqual([expect.objectContaining({ reason: "undeliverable", eventId: bad.id })]);

  const lost = maruEvent(id);
  await deliver([packet(lost)], 1, "maru-events-dead");
  const [row] = await asideOf(id);
  expect(row).toMatchObject({ reason: "undeliverable", eventId: lost.id, replayable: true });
  const replayed = await world.ok(`POST /v1/sources/${id}/set-aside/${row.id}:replay`, { json: {} });
  expect(replayed.body).toMatchObject({ accepted: 1, duplicate: 0 });
});

it("puts a packet without its object into the platform's list", async () => {
  const gone = { tenantId: world.tenantId, key: `${world.tenantId}/ingest/gone.ndjson` };
  const foreign = { tenantId: world.tenantId, key: "ten_other/events/x.ndjson" };
  expect(await deliver([gone, foreign, { nonsense: true }])).toMatchObject({ acked: ["m0", "m1", "m2"] });
  const db = openD1(bindings.DB);
  const rows = await db.select().from(ledgerTables.of(db).parked);
  const mine = rows.filter((row) => row.queue === "maru-events" && row.tenantId === world.tenantId);
  expect(mine.map(({ reason }) => reason.split(":")[0])).toEqual([
    "sources.packet_gone",
    "sources.packet_gone",
  ]);
});
