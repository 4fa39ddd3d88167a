import { beforeAll, expect, it } from "vitest";
import { newTenant, problemOf } from "../support/tenant.ts";

let tenant: Awaited<ReturnType<typeof newTenant>>;
let approver: string;
beforeAll(async () => {
  tenant = await newTenant();
  approver = await tenant.key(["registry:read", "registry:approve"]);
});

it("takes a prompt from draft to approved to deprecated", async () => {
  const made = await tenant.call("POST /v1/prompts", {
    json: { name: "심사", content: "질문: {{question}}" },
  });
  expect(made, made.text).toMatchObject({
    status: 201,
    body: { current: { status: "draft", variables: ["question"] } },
  });
  expect(made.headers.get("etag")).toBe('"v1"');
  const path = `/v1/prompts/${made.body.id}`;
  const added = await tenant.call(`POST ${path}/versions`, {
    json: { content: "{{q}}에 답하라", variables: ["q"] },
  });
  expect(added).toMatchObject({ status: 201, body: { version: 2 } });
  expect(problemOf(await tenant.call(`POST ${path}/versions/2:approve`))).toMatchObject({
    status: 403,
    code: "prompts.approver_is_author",
  });
  expect(await tenant.call(`POST ${path}/versions/2:approve`, { as: approver })).toMatchObject({
    status: 200,
    body: { status: "approved" },
  });
  expect((await tenant.call(`GET ${path}`)).body).toMatchObject({ approvedVersion: 2, latestVersion: 2 });
  const rendered = await tenant.call(`POST ${path}/versions/2:render`, { json: { variables: { q: "가" } } });
  expect(rendered).toMatchObject({ status: 200, body: { text: "가에 답하라" } });
  expect((await tenant.call(`POST ${path}/versions/2:deprecate`)).body.status).toBe("deprecated");
  expect((await tenant.call(`GET ${path}/versions?status=draft`)).body.items).toMatchObject([{ version: 1 }]);
  expect((await tenant.call(`GET ${path}/versions/3`)).status).toBe(404);
});

it("points at each field that is wrong", async () => {
  const post = async (json: object) => problemOf(await tenant.call("POST /v1/prompts", { json }));
  expect(await post({ name: "x", content: "{{a}}", variables: ["b"] })).toEqual({
    status: 422,
    code: "prompts.variables_differ",
    fields: ["/variables/0 unused", "/content undeclared"],
  });
  expect(await post({ name: "x", content: "a", colour: 1 })).toMatchObject({
    status: 422,
    fields: ["/colour unknown_field"],
  });
  expect(await post({ name: "x" })).toMatchObject({ status: 422, fields: ["/content required"] });
  const made = await tenant.call("POST /v1/prompts", { json: { name: "채움", content: "{{a}} {{b}}" } });
  const render = await tenant.call(`POST /v1/prompts/${made.body.id}/versions/1:render`, {
    json: { variables: { a: 1, c: 2 } },
  });
  expect(problemOf(render)).toEqual({
    status: 422,
    code: "prompts.variables_missing",
    fields: ["/variables/b missing", "/variables/c unknown_field"],
  });
});

it("is closed to nobody, to those without the scope and to other tenants", async () => {
  const made = await tenant.call("POST /v1/prompts", { json: { name: "닫힘", content: "a" } });
  const path = `/v1/prompts/${made.body.id}`;
  const writer = await tenant.key(["registry:write"]);
  const stranger = await newTenant();
  for (const call of [
    `GET ${path}`,
    `GET ${path}/versions/1`,
    `POST ${path}/versions/1:approve`,
    `POST ${path}/versions/1:render`,
  ]) {
    expect((await tenant.call(call, { as: null })).status, call).toBe(401);
    expect((await stranger.call(call)).status, call).toBe(404);
    expect((await tenant.call(call, { as: writer })).status, call).toBe(403);
  }
});
