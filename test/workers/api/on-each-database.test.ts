import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../../src/kernel/ids.ts";
import type { Env } from "../../../src/platform/env.ts";
import worker from "../../../src/worker.ts";
import { bindings, jsonLines, sampleCase } from "../support/world.ts";

interface Answer {
  readonly status: number;
  readonly type: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies of every shape.
  readonly body: any;
}

const fieldsOf = ({ status, body }: Answer) => [
  status,
  body.code,
  ...(body.errors ?? []).map(({ pointer }: { pointer: string }) => pointer),
];

describe.each(["d1", "postgres"])("the whole Worker on %s", (database) => {
  const waiting: ExecutionContext[] = [];
  const envWith = (vars: object): Env => ({ ...bindings, MARU_DATABASE: database, ...vars }) as Env;
  const env = envWith({});

  async function call(
    as: string | null,
    line: string,
    body?: unknown,
    { vars = env, type = "application/json" } = {},
  ): Promise<Answer> {
    const [method = "", path = ""] = line.split(" ");
    const headers = new Headers(as === null ? {} : { authorization: `Bearer ${as}` });
    if (body !== undefined) headers.set("content-type", type);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const request = new Request(`https://maru.test${path}`, { method, headers, body: text ?? null });
    const ctx = createExecutionContext();
    const response = await worker.fetch(request, vars, ctx);
    const answer = await response.text();
    waiting.push(ctx);
    const isJson = (response.headers.get("content-type") ?? "").includes("json");
    return {
      status: response.status,
      type: response.headers.get("content-type"),
      body: isJson ? JSON.parse(answer) : answer,
    };
  }

  const token = String((bindings as { MARU_BOOTSTRAP_TOKEN?: string }).MARU_BOOTSTRAP_TOKEN);
  const tenantNamed = (slug: string) => ({
    tenant: { slug, name: "Test" },
    admin: { email: `${slug}@example.com`, name: "Admin", password: crypto.randomUUID() },
    apiKey: { name: "admin" },
  });
  const slugOf = () => newId("t", Date.now()).replace("_", "-");
  const bootstrap = (slug: string) => call(token, "POST /v1/tenants:bootstrap", tenantNamed(slug));

  let mine: string;
  let theirs: string;
  beforeAll(async () => {
    mine = (await bootstrap(slugOf())).body.apiKey.key;
    theirs = (await bootstrap(slugOf())).body.apiKey.key;
  });
  afterAll(() => Promise.all(waiting.map((ctx) => waitOnExecutionContext(ctx).catch(() => {}))));

  it("makes a tenant once, however often and however many at once ask for it", async () => {
    const slug = slugOf();
    const answers = await Promise.all(Array.from({ length: 4 }, () => bootstrap(slug)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    const again = await bootstrap(slug);
    expect(fieldsOf(again)).toEqual([409, "access.tenant_exists"]);
    const made = answers.find(({ status }) => status === 201)?.body.apiKey.key;
    expect((await call(made, "GET /v1/users")).body.items).toHaveLength(1);
    expect((await call(made, "GET /v1/projects")).body.items).toHaveLength(1);
    expect((await call(made, "POST /v1/tenants:bootstrap", tenantNamed(slugOf()))).status).toBe(401);
  });

  it("refuses wrong input with a pointer, and keeps nothing of it", async () => {
    const before = (await call(mine, "GET /v1/projects")).body.items.length;
    expect(fieldsOf(await call(mine, "POST /v1/projects", "{"))[0]).toBe(400);
    expect(fieldsOf(await call(mine, "POST /v1/projects", {}))).toEqual([422, "http.invalid_input", "/name"]);
    const unknown = await call(mine, "POST /v1/projects", { name: "x", colour: "red" });
    expect(fieldsOf(unknown)).toEqual([422, "http.invalid_input", "/colour"]);
    expect((await call(mine, "POST /v1/projects", "x", { type: "text/plain" })).status).toBe(415);
    expect((await call(mine, "GET /v1/projects?cursor=nonsense")).status).toBe(422);
    const lone = await call(mine, "POST /v1/projects", { name: "nul\0name" });
    expect([422, lone.type]).toEqual([lone.status, "application/problem+json"]);
    expect((await call(null, "POST /v1/projects", { name: "x" })).status).toBe(401);
    expect((await call(mine, "GET /v1/projects")).body.items).toHaveLength(before);
  });

  it("shows nobody what belongs to another tenant, and lets nobody change it", async () => {
    const project = (await call(mine, "POST /v1/projects", { name: "mine" })).body.id;
    const secret = await call(mine, "PUT /v1/secrets/own_key", { value: "s3cret-value" });
    expect(secret.status, JSON.stringify(secret.body)).toBeLessThan(300);
    const rows = jsonLines([sampleCase(0), sampleCase(1)]);
    const uploaded = await call(mine, "POST /v1/datasets?name=own", rows, { type: "application/x-ndjson" });
    expect(uploaded.status, JSON.stringify(uploaded.body)).toBe(201);
    const dataset = uploaded.body.id;
    const foreign: [string, unknown?][] = [
      [`GET /v1/projects/${project}`],
      [`PATCH /v1/projects/${project}`, { name: "theirs" }],
      ["GET /v1/secrets/own_key"],
      ["DELETE /v1/secrets/own_key"],
      [`GET /v1/datasets/${dataset}`],
      [`POST /v1/datasets/${dataset}:archive`],
      ["POST /v1/runs:submit", { dataset }],
    ];
    for (const [line, body] of foreign) {
      const answer = await call(theirs, line, body);
      expect([line, answer.status, answer.type]).toEqual([line, 404, "application/problem+json"]);
    }
    expect((await call(theirs, "GET /v1/datasets")).body.items).toEqual([]);
    expect((await call(mine, `GET /v1/projects/${project}`)).body.name).toBe("mine");
    expect((await call(mine, "GET /v1/secrets/own_key")).status).toBe(200);
  });

  it("without its key for secrets answers as a problem that tells no value, and isn't ready", async () => {
    for (const kek of [undefined, "", "k1:short"]) {
      const vars = envWith({ MARU_KEK: kek });
      const put = await call(mine, "PUT /v1/secrets/lost", { value: "s3cret-value" }, { vars });
      expect([put.status, put.type, put.body.code]).toEqual([
        503,
        "application/problem+json",
        "config.invalid",
      ]);
      expect(put.body.detail).toContain("MARU_KEK");
      expect(JSON.stringify(put.body)).not.toContain("s3cret");
      expect((await call(null, "GET /ready", undefined, { vars })).status).toBe(503);
    }
    expect((await call(mine, "GET /v1/secrets/lost")).status).toBe(404);
  });
});
