import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import worker from "../../../src/worker.ts";
import { type bindings, jsonLines, newWorld, sampleCase, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await newWorld();
});

/** Sends to the Worker as it would be with other vars. */
async function withVars(
  vars: Record<string, string>,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const ctx = createExecutionContext();
  const request = new Request(`https://maru.test${path}`, init) as Parameters<typeof worker.fetch>[0];
  const response = await worker.fetch(request, { ...env, ...vars } as unknown as typeof bindings, ctx);
  await waitOnExecutionContext(ctx);
  return response;
}

describe("answers", () => {
  it("wraps a success when the caller prefers an envelope, and nothing else", async () => {
    const headers = { prefer: "respond-async, envelope" };
    const list = await world.ok("GET /v1/projects", { headers });
    expect(list.headers.get("preference-applied")).toBe("envelope");
    expect(list.body).toEqual({
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      code: 200,
      message: "OK",
      data: { items: [expect.objectContaining({ id: world.projectId })], nextCursor: null },
    });
    const made = await world.ok("POST /v1/projects", { json: { name: "Wrapped" }, headers });
    expect(made).toMatchObject({ status: 201, body: { code: 201, data: { name: "Wrapped" } } });
    const refused = await world.call("GET /v1/projects/none", { headers });
    expect(refused).toMatchObject({ status: 404, body: { code: "access.unknown_project" } });
    expect(refused.headers.get("preference-applied")).toBeNull();
  });

  it("carries a request id in and out, and makes one where there is none that is sane", async () => {
    const id = "order-2026.0001";
    expect(
      (await world.ok("GET /v1/me", { headers: { "x-request-id": id } })).headers.get("x-request-id"),
    ).toBe(id);
    for (const bad of ["short", "with space here", "x".repeat(200), "<script>alert(1)</script>"]) {
      const answer = await world.ok("GET /v1/me", { headers: { "x-request-id": bad } });
      expect(answer.headers.get("x-request-id")).toMatch(/^req_[0-9a-z]{26}$/);
    }
    const refused = await world.call("GET /v1/jobs/none", { headers: { "x-request-id": id } });
    expect(refused.body.requestId).toBe(id);
  });

  it("continues a trace as one span of its own", async () => {
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    const out = (await world.ok("GET /v1/me", { headers })).headers.get("traceparent") ?? "";
    expect(out).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    expect(out).not.toContain("b7ad6b7169203331");
    const bad = { traceparent: "00-00000000000000000000000000000000-b7ad6b7169203331-01" };
    const fresh = (await world.ok("GET /v1/me", { headers: bad })).headers.get("traceparent") ?? "";
    expect(fresh).toMatch(/^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
  });

  it("sets the security headers on everything", async () => {
    for (const path of ["GET /v1/me", "GET /nowhere", "GET /v1/jobs/none", "GET /health", "GET /docs"]) {
      const { headers } = await world.call(path);
      expect(headers.get("x-content-type-options"), path).toBe("nosniff");
      expect(headers.get("content-security-policy"), path).toContain("default-src 'none'");
      expect(headers.get("strict-transport-security"), path).toContain("max-age=");
    }
  });

  it("answers as a problem where there is nothing, and names the methods where there is another", async () => {
    for (const line of ["GET /nowhere", "POST /v1/jobs/x:explode", "GET /v1/jobs/x/y/z"]) {
      const answer = await world.call(line);
      expect([line, answer.status, answer.body.code]).toEqual([line, 404, "http.no_such_route"]);
    }
    for (const line of ["DELETE /v1/me", "PUT /v1/runs:submit", "POST /v1/slo"]) {
      const answer = await world.call(line);
      expect([line, answer.status, answer.body.code]).toEqual([line, 405, "http.method_not_allowed"]);
      expect(answer.headers.get("allow")).toMatch(/GET|POST/);
    }
  });
});

describe("methods", () => {
  it("that an address has not are refused with those that it has", async () => {
    const refusals: [string, string][] = [
      ["DELETE /v1/me", "HEAD, GET, OPTIONS"],
      ["GET /v1/runs:submit", "POST, OPTIONS"],
      ["PUT /v1/jobs/x", "HEAD, GET, PATCH, OPTIONS"],
      ["GET /v1/jobs/x:cancel", "POST, OPTIONS"],
      ["POST /health", "HEAD, GET, OPTIONS"],
    ];
    for (const [line, allow] of refusals) {
      const answer = await world.call(line);
      expect([line, answer.status, answer.headers.get("allow")]).toEqual([line, 405, allow]);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      const options = await world.call(line.replace(/^\w+/, "OPTIONS"));
      expect([options.status, options.headers.get("allow")]).toEqual([204, allow]);
    }
  });
});

describe("caches", () => {
  it("keep no answer, and ask again for what has a version", async () => {
    expect((await world.ok("GET /v1/me")).headers.get("cache-control")).toBe("no-store");
    const { id } = await world.dataset(1);
    const { headers } = await world.ok(`GET /v1/datasets/${id}`);
    expect(headers.get("cache-control")).toBe("private, no-cache");
    const listed = { "if-none-match": `"v8", W/${headers.get("etag")}` };
    expect((await world.call(`GET /v1/datasets/${id}`, { headers: listed })).status).toBe(304);
  });
});

describe("conditions", () => {
  it("answers 304 to a version that the caller has, and 412 to an edit of another one", async () => {
    const { id } = await world.dataset(1);
    const path = `/v1/datasets/${id}`;
    const etag = (await world.ok(`GET ${path}`)).headers.get("etag") ?? "";
    expect(etag).toBe('"v1"');
    const same = await world.call(`GET ${path}`, { headers: { "if-none-match": etag } });
    expect([same.status, same.text]).toEqual([304, ""]);
    expect((await world.call(`GET ${path}`, { headers: { "if-none-match": '"v9"' } })).status).toBe(200);
    const edit = (ifMatch: string) =>
      world.call(`PATCH ${path}`, { json: { description: ifMatch }, headers: { "if-match": ifMatch } });
    expect(await edit('"v7"')).toMatchObject({ status: 412, body: { data: { version: 1 } } });
    expect(await edit("nonsense")).toMatchObject({
      status: 412,
      body: { errors: [{ pointer: "/header/If-Match" }] },
    });
    expect((await edit(etag)).headers.get("etag")).toBe('"v2"');
    expect((await edit(etag)).status).toBe(412);
    expect((await edit("*")).status).toBe(200);
    expect((await world.ok(`GET ${path}`)).body).toMatchObject({ version: 3, description: "*" });
  });

  it("lets one of two edits of the same version win", async () => {
    const { id } = await world.dataset(1);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        world.call(`PATCH /v1/datasets/${id}`, {
          json: { description: `${n}` },
          headers: { "if-match": '"v1"' },
        }),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409 || status === 412)).toHaveLength(7);
    const { body } = await world.ok(`GET /v1/audit/events?resource=dataset:${id}&limit=50`);
    expect(body.items).toHaveLength(2);
  });
});

describe("Idempotency-Key", () => {
  it("replays what was answered, also a refusal, and says so", async () => {
    const headers = { "idempotency-key": crypto.randomUUID() };
    const json = { name: world.name("once") };
    const [first, second] = [
      await world.call("POST /v1/projects", { json, headers }),
      await world.call("POST /v1/projects", { json, headers }),
    ];
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    expect(second.headers.get("idempotency-replayed")).toBe("true");
    const gone = { "idempotency-key": crypto.randomUUID() };
    const refusals = [
      await world.call("PATCH /v1/projects/none", { json: {}, headers: gone }),
      await world.call("PATCH /v1/projects/none", { json: {}, headers: gone }),
    ];
    expect(refusals.map(({ status, body }) => [status, body.code])).toEqual(
      Array.from({ length: 2 }, () => [404, "access.unknown_project"]),
    );
    expect(refusals[1]?.headers.get("content-type")).toBe("application/problem+json");
  });

  it("refuses another body, and a key that isn't one", async () => {
    const headers = { "idempotency-key": crypto.randomUUID() };
    await world.ok("POST /v1/projects", { json: { name: world.name("a") }, headers });
    const other = await world.call("POST /v1/projects", { json: { name: world.name("b") }, headers });
    expect(other).toMatchObject({
      status: 422,
      body: { code: "idempotency.other_body", errors: [{ pointer: "/header/Idempotency-Key" }] },
    });
    const bad = await world.call("POST /v1/projects", {
      json: { name: "c" },
      headers: { "idempotency-key": "x".repeat(256) },
    });
    expect(bad).toMatchObject({ status: 422, body: { errors: [{ pointer: "/header/Idempotency-Key" }] } });
  });

  it("makes one job of fifty submissions at once", async () => {
    const { id: dataset } = await world.dataset(1);
    const headers = { "idempotency-key": crypto.randomUUID() };
    const json = { dataset, metrics: ["exact_match"], runAt: new Date(Date.now() + 3_600_000).toISOString() };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => world.call("POST /v1/runs:submit", { json, headers })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const other = await world.call("POST /v1/runs:submit", { json: { ...json, priority: 9 }, headers });
    expect(other).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/header/Idempotency-Key", code: "reused" }] },
    });
  });

  it("makes one data set of uploads at once", async () => {
    const headers = { "idempotency-key": crypto.randomUUID() };
    const file = jsonLines([sampleCase(1), sampleCase(2)]);
    const name = world.name("upload");
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => world.call(`POST /v1/datasets?name=${name}`, { file, headers })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 201));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });
});

describe("limits", () => {
  it("tells in headers what is left, refuses beyond it with Retry-After, and one key doesn't use up another's", async () => {
    const [busy, calm] = [await world.key(["*"]), await world.key(["*"])];
    const ask = (key: string) =>
      withVars({ MARU_RATE_LIMIT: "3", MARU_RATE_WINDOW_S: "3600" }, "/v1/me", {
        headers: { authorization: `Bearer ${key}` },
      });
    const left: (string | null)[] = [];
    for (let n = 0; n < 3; n++) {
      const answer = await ask(busy);
      expect([answer.status, answer.headers.get("ratelimit-limit")]).toEqual([200, "3"]);
      left.push(answer.headers.get("ratelimit-remaining"));
    }
    expect(left).toEqual(["2", "1", "0"]);
    const refused = await ask(busy);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(3600);
    expect(refused.headers.get("ratelimit-remaining")).toBe("0");
    expect(refused.headers.get("ratelimit-policy")).toBe("3;w=3600");
    expect((await ask(calm)).status).toBe(200);
  });

  it("refuses a body over the limit with 413, also one that doesn't tell its length", async () => {
    const json = { name: "x".repeat(1_100_000) };
    expect((await world.call("POST /v1/projects", { json })).status).toBe(413);
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536).fill(0x20)),
    });
    const answer = await withVars({}, "/v1/projects", {
      method: "POST",
      headers: { authorization: `Bearer ${await world.key(["*"])}`, "content-type": "application/json" },
      body: stream,
    });
    expect(answer.status).toBe(413);
    expect(((await answer.json()) as { code: string }).code).toBe("http.body_too_large");
  });
});

describe("CORS", () => {
  const vars = { MARU_CORS_ORIGINS: "https://console.example, https://other.example" };

  it("lets the origins of the list in, and no other", async () => {
    const headers = { authorization: `Bearer ${await world.key(["*"])}`, origin: "https://console.example" };
    const friend = await withVars(vars, "/v1/me", { headers });
    expect(friend.headers.get("access-control-allow-origin")).toBe("https://console.example");
    expect(friend.headers.get("access-control-expose-headers")).toContain("ETag");
    expect(friend.headers.get("vary")).toContain("Origin");
    for (const origin of ["https://evil.example", "https://console.example.evil.example", "null"]) {
      const stranger = await withVars(vars, "/v1/me", { headers: { ...headers, origin } });
      expect(stranger.headers.get("access-control-allow-origin")).toBeNull();
    }
    expect(
      (await world.ok("GET /v1/me", { headers: { origin: "https://console.example" } })).headers.get(
        "access-control-allow-origin",
      ),
    ).toBeNull();
  });

  it("answers a preflight without a credential", async () => {
    const preflight = (origin: string) =>
      withVars(vars, "/v1/runs:submit", {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "POST" },
      });
    const friend = await preflight("https://other.example");
    expect(friend.status).toBe(204);
    expect(friend.headers.get("access-control-allow-headers")).toContain("Idempotency-Key");
    expect(friend.headers.get("access-control-allow-methods")).toContain("PATCH");
    const stranger = await preflight("https://evil.example");
    expect(stranger.headers.get("access-control-allow-origin")).toBeNull();
    expect(stranger.headers.get("access-control-allow-methods")).toBeNull();
  });

  it("shows a refusal to a friend too", async () => {
    const refused = await withVars(vars, "/v1/me", { headers: { origin: "https://console.example" } });
    expect(refused.status).toBe(401);
    expect(refused.headers.get("access-control-allow-origin")).toBe("https://console.example");
  });
});

describe("credentials", () => {
  it("refuses keys that are expired, revoked, rotated, mistyped or foreign with 401", async () => {
    const expiresAt = Date.now() + 3_000;
    const expiring = await world.ok("POST /v1/keys", {
      json: { name: "brief", scopes: ["*"], expiresAt: new Date(expiresAt).toISOString() },
    });
    const revoked = await world.ok("POST /v1/keys", { json: { name: "gone", scopes: ["*"] } });
    const rotated = await world.ok("POST /v1/keys", { json: { name: "turned", scopes: ["*"] } });
    await world.ok(`POST /v1/keys/${revoked.body.id}:revoke`);
    const next = await world.ok(`POST /v1/keys/${rotated.body.id}:rotate`, { json: { graceSeconds: 0 } });
    expect((await world.call("GET /v1/me", { as: expiring.body.key })).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, expiresAt - Date.now() + 50));
    const good: string = next.body.key;
    const refused: Record<string, string> = {
      "access.key_expired": expiring.body.key,
      "access.key_revoked": revoked.body.key,
      "access.key_unknown": rotated.body.key,
      "access.key_malformed": `${good.slice(0, -1)}${good.endsWith("x") ? "y" : "x"}`,
      "access.credentials_unknown": "not-a-key-at-all",
    };
    for (const [code, key] of Object.entries(refused)) {
      const answer = await world.call("GET /v1/me", { as: key });
      expect([answer.status, answer.body.code]).toEqual([401, code]);
      expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/);
      expect(answer.text).not.toContain(key);
    }
    expect((await world.call("GET /v1/me", { as: good })).status).toBe(200);
    for (const authorization of ["Basic YTpi", "Bearer", "Bearer a b", "Bearer a.b.c"]) {
      const answer = await world.call("GET /v1/me", { as: null, headers: { authorization } });
      expect([authorization, answer.status]).toEqual([authorization, 401]);
    }
  });
});
