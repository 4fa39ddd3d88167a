import { beforeAll, expect, it } from "vitest";
import { newTenant, problemOf } from "../support/tenant.ts";

let tenant: Awaited<ReturnType<typeof newTenant>>;
beforeAll(async () => {
  tenant = await newTenant();
});

const openai = { provider: "openai", model: "gpt-5-mini", secretName: "openai-key" };

it("puts, reads, lists and deletes a profile by ETag", async () => {
  const made = await tenant.call("PUT /v1/profiles/prod", {
    json: { ...openai, params: { temperature: 0 } },
  });
  expect(made, made.text).toMatchObject({
    status: 200,
    body: { name: "prod", version: 1, params: { temperature: 0 } },
  });
  expect(made.headers.get("etag")).toBe('"v1"');
  const stale = await tenant.call("PUT /v1/profiles/prod", { json: openai, headers: { "if-match": '"v7"' } });
  expect(stale.status).toBe(412);
  const next = await tenant.call("PUT /v1/profiles/prod", { json: openai, headers: { "if-match": '"v1"' } });
  expect(next.headers.get("etag")).toBe('"v2"');
  expect((await tenant.call("GET /v1/profiles")).body.items).toMatchObject([{ name: "prod" }]);
  expect((await tenant.call("DELETE /v1/profiles/prod", { headers: { "if-match": '"v1"' } })).status).toBe(
    412,
  );
  expect((await tenant.call("DELETE /v1/profiles/prod")).status).toBe(200);
  expect((await tenant.call("GET /v1/profiles/prod")).status).toBe(404);
});

it("points at each field that is wrong", async () => {
  const put = async (name: string, json: object) =>
    problemOf(await tenant.call(`PUT /v1/profiles/${name}`, { json }));
  expect(await put("Bad", openai)).toMatchObject({ status: 422, fields: ["/path/name invalid_format"] });
  expect(await put("a", { ...openai, apiKey: "sk-123" })).toMatchObject({
    status: 422,
    fields: ["/apiKey unknown_field"],
  });
  expect(await put("a", { ...openai, provider: "acme" })).toMatchObject({
    status: 422,
    fields: ["/provider invalid_value"],
  });
  expect(await put("a", { provider: "vllm", model: "m" })).toMatchObject({
    status: 422,
    fields: ["/baseUrl required"],
  });
  expect(await put("a", { ...openai, baseUrl: "http://10.0.0.1/v1" })).toMatchObject({
    status: 403,
    code: "llm.host_refused",
    fields: ["/baseUrl host_refused"],
  });
});

it("is closed to nobody, to those without the scope and to other tenants", async () => {
  await tenant.call("PUT /v1/profiles/closed", { json: openai });
  const reader = await tenant.key(["registry:read"]);
  const stranger = await newTenant();
  expect((await tenant.call("GET /v1/profiles/closed", { as: null })).status).toBe(401);
  expect((await stranger.call("GET /v1/profiles/closed")).status).toBe(404);
  expect((await stranger.call("DELETE /v1/profiles/closed")).status).toBe(404);
  expect((await tenant.call("GET /v1/profiles/closed", { as: reader })).status).toBe(200);
  expect((await tenant.call("DELETE /v1/profiles/closed", { as: reader })).status).toBe(403);
  expect((await tenant.call("PUT /v1/profiles/closed", { as: reader, json: openai })).status).toBe(403);
});
