import { exports } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { newTenant } from "../support/tenant.ts";

const worker = exports as unknown as { default: { fetch(request: Request): Promise<Response> } };
const structured = { "content-type": "application/cloudevents+json" };
const batch = { "content-type": "application/cloudevents-batch+json" };

async function send(path: string, body: unknown, headers: Record<string, string> = structured) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const request = new Request(`https://maru.test${path}`, { method: "POST", body: text, headers });
  const response = await worker.default.fetch(request);
  const answer = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: answer === "" ? null : JSON.parse(answer),
  };
}

const event = (id: string, more: object = {}) => ({
  specversion: "1.0",
  id,
  source: "/hosts",
  type: "cpu",
  data: { cpu: 1 },
  ...more,
});

async function source(fields: object = {}) {
  const tenant = await newTenant();
  const json = { name: "hosts", kind: "cloudevents", ...fields };
  const made = await tenant.call("POST /v1/sources", { json });
  expect(made.status, made.text).toBe(201);
  const { id, token } = made.body;
  const path = `/v1/sources/${id}`;
  const aside = async (reason = "") =>
    (await tenant.call(`GET ${path}/set-aside${reason && `?reason=${reason}`}`)).body.items;
  const replay = (asideId: string) => tenant.call(`POST ${path}/set-aside/${asideId}:replay`, { json: {} });
  return { tenant, id, token, path, address: `/in/${id}/${token}`, aside, replay };
}

it("counts and lists an oversized request, and takes it in when it is replayed", async () => {
  const { address, aside, replay } = await source({ limits: { maxBodyBytes: 1024 } });
  const large = event("large", { data: { text: "x".repeat(2000) } });
  expect(await send(address, large)).toMatchObject({ status: 413, body: { code: "sources.body_too_large" } });
  const [row] = await aside("oversized");
  expect(row).toMatchObject({ reason: "oversized", replayable: true, bytes: JSON.stringify(large).length });
  expect((await replay(row.id)).body).toMatchObject({ accepted: 1, rejected: 0 });
  expect(await replay(row.id)).toMatchObject({ status: 409, body: { code: "sources.replayed" } });
});

it("takes a request of too many events in when it is replayed, in parts", async () => {
  const { address, aside, replay } = await source();
  const many = Array.from({ length: 501 }, (_, n) => event(`e${n}`));
  expect(await send(address, many, batch)).toMatchObject({
    status: 413,
    body: { code: "sources.too_many_events" },
  });
  const [row] = await aside();
  expect((await replay(row.id)).body).toMatchObject({ accepted: 501 });
});

it("lists every repeat until there is a flood of them, of which it lists the first", async () => {
  const { address, aside } = await source();
  await send(address, event("seen"));
  for (let n = 0; n < 5; n++) expect((await send(address, event("seen"))).body.duplicate).toBe(1);
  expect(await aside("duplicate")).toHaveLength(5);
  const minute = () => Math.floor(Date.now() / 60_000);
  const began = minute();
  const flood = Array.from({ length: 400 }, (_, n) => event(`f${n}`));
  for (let n = 0; n < 3; n++) await send(address, flood, batch);
  await send(address, event("seen"));
  const { length } = await aside("duplicate&limit=200");
  expect(length).toBeGreaterThan(100);
  expect(length).toBeLessThanOrEqual(160 * (1 + minute() - began));
});

it("refuses a body that is too large to be read at all, and keeps nothing of it", async () => {
  const { address, aside } = await source();
  expect((await send(address, "x".repeat(8 * 1024 * 1024 + 1))).status).toBe(413);
  expect(await aside()).toEqual([expect.objectContaining({ reason: "oversized", replayable: false })]);
});

it("says nothing of the token of an address in its problems", async () => {
  const { id, address } = await source();
  const { body } = await send(address, "{");
  expect(body.instance).toBe(`/in/${id}`);
  expect((await send(`/in/${id}/a-guess`, event("1"))).body.instance).toBe(`/in/${id}`);
  expect((await send("/in/src_none/a-guess", event("1"))).body.instance).toBe("/in/src_none");
});

it("asks senders above a source's rate to come back, and says when", async () => {
  const { address, aside } = await source({ limits: { requestsPerMinute: 2 } });
  const answers = [
    await send(address, event("1")),
    await send(address, event("2")),
    await send(address, event("3")),
  ];
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 429]);
  expect(Number(answers[2]?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await aside()).map((row: { reason: string }) => row.reason)).toEqual(["rate_limited"]);
});

it("asks senders of a paused source to come back, and takes events again once it is resumed", async () => {
  const { tenant, path, address } = await source();
  await tenant.call(`POST ${path}:pause`, { json: {} });
  const paused = await send(address, event("1"));
  expect([paused.status, paused.body.code, paused.headers.get("retry-after")]).toEqual([
    503,
    "sources.paused",
    "300",
  ]);
  await tenant.call(`POST ${path}:resume`, { json: {} });
  expect((await send(address, event("1"))).status).toBe(202);
});

it("accepts a replaced token for the overlap only", async () => {
  const { tenant, id, path, address } = await source();
  const renewed = await tenant.call(`POST ${path}:rotateSecret`, { json: { overlapHours: 1 } });
  expect((await send(address, event("old"))).status).toBe(202);
  expect((await send(`/in/${id}/${renewed.body.token}`, event("new"))).status).toBe(202);
  await tenant.call(`POST ${path}:rotateSecret`, { json: { overlapHours: 0 } });
  expect((await send(`/in/${id}/${renewed.body.token}`, event("gone"))).status).toBe(401);
});

it("accepts signatures by a replaced secret for the overlap only", async () => {
  const { tenant, path, id } = await sourceOfHooks();
  const [first, second] = ["0123456789abcdef01234567", "76543210fedcba9876543210"];
  const signed = (key: string, n: number) => {
    const at = Math.floor(Date.now() / 1000);
    const body = JSON.stringify({ type: "made", data: { n } });
    const signature = createHmac("sha256", key).update(`msg_${n}.${at}.${body}`).digest("base64");
    const headers = { "webhook-id": `msg_${n}`, "webhook-timestamp": `${at}` };
    return send(`/in/${id}`, body, { ...headers, "webhook-signature": `v1,${signature}` });
  };
  expect((await signed(first, 1)).status).toBe(202);
  expect((await signed(second, 2)).status).toBe(401);
  await tenant.call(`POST ${path}:rotateSecret`, { json: { secretName: "SECOND", overlapHours: 1 } });
  expect([(await signed(first, 3)).status, (await signed(second, 4)).status]).toEqual([202, 202]);
  await tenant.call(`POST ${path}:rotateSecret`, { json: { secretName: "SECOND", overlapHours: 0 } });
  expect([(await signed(first, 5)).status, (await signed(second, 6)).status]).toEqual([401, 202]);
});

async function sourceOfHooks() {
  const tenant = await newTenant();
  for (const [name, key] of [
    ["FIRST", "0123456789abcdef01234567"],
    ["SECOND", "76543210fedcba9876543210"],
  ])
    await tenant.call(`PUT /v1/secrets/${name}`, { json: { value: `whsec_${btoa(key ?? "")}` } });
  const json = { name: "hooks", kind: "standard-webhooks", proof: "signature", secretNames: ["FIRST"] };
  const { body } = await tenant.call("POST /v1/sources", { json });
  return { tenant, id: body.id, path: `/v1/sources/${body.id}` };
}

const types = {
  cpu: { type: "object", properties: { cpu: { type: "integer", maximum: 100 } }, required: ["cpu"] },
};

it("sets data aside that does not fit the schema of its type, with pointers, and takes the rest", async () => {
  const { tenant, path, address, aside, replay } = await source({ types });
  const mixed = [
    event("fits"),
    event("not", { data: { cpu: 1.5 } }),
    event("other", { type: "disk", data: 1 }),
  ];
  expect(await send(address, mixed, batch)).toMatchObject({
    status: 202,
    body: { accepted: 2, rejected: 1, errors: [{ pointer: "/1/data/cpu", code: "type" }] },
  });
  expect(await send(address, event("none", { data: {} }))).toMatchObject({
    status: 400,
    body: { code: "sources.data_invalid", errors: [{ pointer: "/data/cpu", code: "required" }] },
  });
  const rows = await aside("invalid");
  expect(rows.map((row: { eventId: string | null }) => row.eventId)).toEqual([null, "not"]);

  const loosened = { cpu: { properties: { cpu: { type: "number" } } } };
  expect((await tenant.call(`PATCH ${path}`, { json: { types: loosened } })).status).toBe(200);
  expect((await replay(rows[1].id)).body).toMatchObject({ rejected: 0 });
  expect((await replay(rows[0].id)).body).toMatchObject({ accepted: 1 });
});

it("refuses schemas that it could not check, with a pointer to each place", async () => {
  const tenant = await newTenant();
  const wrong = { cpu: { properties: { a: { pattern: "(?=x)" }, b: { $ref: "https://example.com/b" } } } };
  const json = { name: "hosts", kind: "cloudevents", types: wrong };
  expect((await tenant.call("POST /v1/sources", { json })).body).toMatchObject({
    status: 422,
    code: "sources.schema",
    errors: [{ pointer: "/types/cpu/properties/a/pattern" }, { pointer: "/types/cpu/properties/b/$ref" }],
  });
});

it("answers 415 to media types that it does not speak, and 400 with a pointer to garbage", async () => {
  const { address, aside } = await source();
  const xml = { "content-type": "application/cloudevents+xml" };
  const form = { "content-type": "application/x-www-form-urlencoded" };
  for (const headers of [xml, form])
    expect(await send(address, "<a/>", headers)).toMatchObject({
      status: 415,
      body: { code: "sources.unsupported_media", errors: [{ pointer: "/header/Content-Type" }] },
    });
  expect(await send(address, { ...event("1"), source: "" })).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: "/source", code: "empty" }] },
  });
  expect(await aside()).toHaveLength(3);
});

it("tells a sender by the handshake whether and how fast it may send", async () => {
  const { address } = await source({ allowedOrigins: ["events.example"], limits: { requestsPerMinute: 60 } });
  const ask = async (origin: string, rate: string) => {
    const headers = {
      "webhook-request-origin": origin,
      "webhook-request-rate": rate,
      "webhook-request-callback": "https://events.example/confirm?id=1",
    };
    const { status, headers: told } = await worker.default.fetch(
      new Request(`https://maru.test${address}`, { method: "OPTIONS", headers }),
    );
    return [status, told.get("webhook-allowed-origin"), told.get("webhook-allowed-rate"), told.get("allow")];
  };
  expect(await ask("events.example", "120")).toEqual([200, "events.example", "60", "POST, OPTIONS"]);
  expect(await ask("events.example", "10")).toEqual([200, "events.example", "10", "POST, OPTIONS"]);
  expect(await ask("other.example", "10")).toEqual([204, null, null, "POST, OPTIONS"]);
});
