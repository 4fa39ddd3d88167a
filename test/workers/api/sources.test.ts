import { exports } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { newTenant } from "../support/tenant.ts";

const worker = exports as unknown as { default: { fetch(request: Request): Promise<Response> } };

async function post(path: string, body: string, headers: Record<string, string> = {}, method = "POST") {
  const init = method === "POST" ? { method, body, headers } : { method, headers };
  const response = await worker.default.fetch(new Request(`https://maru.test${path}`, init));
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? null : JSON.parse(text) };
}

it("takes CloudEvents in all three modes, counts them and sets aside what it can't read", async () => {
  const tenant = await newTenant();
  const made = await tenant.call("POST /v1/sources", { json: { name: "hosts", kind: "cloudevents" } });
  expect(made.status, made.text).toBe(201);
  const { id, token } = made.body;
  const address = `/in/${id}/${token}`;
  const event = { specversion: "1.0", id: "1", source: "/h", type: "cpu", data: { v: 1 } };
  const structured = { "content-type": "application/cloudevents+json" };
  expect(await post(address, JSON.stringify(event), structured)).toMatchObject({
    status: 202,
    body: { accepted: 1, rejected: 0 },
  });
  const batch = { "content-type": "application/cloudevents-batch+json" };
  expect(
    await post(
      address,
      JSON.stringify([
        { ...event, id: "2" },
        { ...event, id: "" },
      ]),
      batch,
    ),
  ).toMatchObject({
    status: 202,
    body: { accepted: 1, rejected: 1, errors: [{ pointer: "/1/id" }] },
  });
  const binary = {
    "ce-specversion": "1.0",
    "ce-id": "3",
    "ce-source": "/h",
    "ce-type": "cpu",
    "content-type": "application/json",
  };
  expect((await post(address, '{"v":2}', binary)).status).toBe(202);
  expect(await post(address, "{", structured)).toMatchObject({
    status: 400,
    body: { code: "sources.malformed" },
  });
  expect((await post(`/in/${id}/wrong`, "{}", structured)).status).toBe(401);
  expect((await post("/in/src_00000000000000000000000000", "{}", structured)).status).toBe(404);
  const aside = await tenant.call(`GET /v1/sources/${id}/set-aside`);
  const reasons = aside.body.items.map((item: { reason: string }) => item.reason).sort();
  expect(reasons).toEqual(["malformed", "malformed", "unauthenticated"]);
  const hello = await post(address, "", { "webhook-request-origin": "a.example" }, "OPTIONS");
  expect([hello.status, hello.headers.get("webhook-allowed-origin")]).toEqual([200, "a.example"]);
});

it("takes signed webhooks by any accepted secret, and refuses forged, stale and oversized ones", async () => {
  const tenant = await newTenant();
  const key = "0123456789abcdef01234567";
  const value = `whsec_${btoa(key)}`;
  expect((await tenant.call("PUT /v1/secrets/HOOK", { json: { value } })).status).toBe(200);
  const made = await tenant.call("POST /v1/sources", {
    json: {
      name: "hooks",
      kind: "standard-webhooks",
      proof: "signature",
      secretNames: ["HOOK"],
      limits: { maxBodyBytes: 1024 },
    },
  });
  expect(made.status, made.text).toBe(201);
  const send = (body: string, at = Math.floor(Date.now() / 1000), by = key) => {
    const signed = createHmac("sha256", by).update(`msg_1.${at}.${body}`).digest("base64");
    const headers = {
      "webhook-id": "msg_1",
      "webhook-timestamp": String(at),
      "webhook-signature": `v1,${signed}`,
    };
    return post(`/in/${made.body.id}`, body, { "content-type": "application/json", ...headers });
  };
  const body = JSON.stringify({ type: "user.made", data: {} });
  expect((await send(body)).status).toBe(202);
  expect((await send(body, 1_700_000_000)).body).toMatchObject({
    status: 401,
    code: "sources.signature_stale",
  });
  expect((await send(body, undefined, "another")).body).toMatchObject({
    status: 401,
    code: "sources.signature_invalid",
  });
  expect((await send("x".repeat(2000))).status).toBe(413);
});
