import { beforeAll, expect, it } from "vitest";
import { newTenant, problemOf } from "../support/tenant.ts";

let tenant: Awaited<ReturnType<typeof newTenant>>;
beforeAll(async () => {
  tenant = await newTenant();
});

it("answers the defaults and edits them by ETag", async () => {
  const first = await tenant.call("GET /v1/policy");
  expect(first).toMatchObject({ status: 200, body: { maxConcurrentRuns: 10, timeZone: "UTC", version: 0 } });
  expect(first.headers.get("etag")).toBe('"v0"');
  const json = { dailyCostLimitMicros: 1_000_000, timeZone: "Asia/Seoul" };
  const set = await tenant.call("PUT /v1/policy", { json, headers: { "if-match": '"v0"' } });
  expect(set, set.text).toMatchObject({ status: 200, body: { ...json, version: 1 } });
  expect((await tenant.call("PUT /v1/policy", { json, headers: { "if-match": '"v0"' } })).status).toBe(412);
  expect((await tenant.call("GET /v1/policy")).body).toEqual(set.body);
});

it("points at each field that is wrong", async () => {
  const put = async (json: object) => problemOf(await tenant.call("PUT /v1/policy", { json }));
  expect(await put({ timeZone: "+09:00" })).toMatchObject({
    status: 422,
    fields: ["/timeZone invalid_format"],
  });
  expect(await put({ dailyCostLimitUsd: 1 })).toMatchObject({
    status: 422,
    fields: ["/dailyCostLimitUsd unknown_field"],
  });
  expect(await put({ maxDailyRuns: -1, allowedModels: [1] })).toMatchObject({ status: 422 });
});

it("is closed to nobody and to those without the scope", async () => {
  const reader = await tenant.key(["policy:read"]);
  const none = await tenant.key(["runs:read"]);
  expect((await tenant.call("GET /v1/policy", { as: null })).status).toBe(401);
  expect((await tenant.call("GET /v1/policy", { as: none })).status).toBe(403);
  expect((await tenant.call("GET /v1/policy", { as: reader })).status).toBe(200);
  expect((await tenant.call("PUT /v1/policy", { as: reader, json: {} })).status).toBe(403);
});
