import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accessApp, goodPassword } from "../support/access-app.ts";
import { describeOnEachDatabase } from "../support/databases.ts";

describeOnEachDatabase("access", (open) => {
  let app: ReturnType<typeof accessApp>;
  beforeEach(() => {
    app = accessApp(open);
  });
  afterEach(() => app.close());

  describe("API keys", () => {
    it("are shown once, hold their scopes and tell when they were used, to the minute", async () => {
      const { key, tenantId } = await app.bootstrap();
      const made = await app.newKey(key);
      expect(made.status).toBe(201);
      expect(made.body.key).toMatch(/^maru_test_[0-9a-z]{26}_[0-9A-Za-z]{38}$/);
      const use = () => app.call("GET", "/v1/me", { as: made.body.key });
      const read = async () => (await app.call("GET", `/v1/keys/${made.body.id}`, { as: key })).body;
      expect((await use()).body).toMatchObject({
        actor: { kind: "api_key", id: made.body.id },
        grants: ["runs:read", "jobs:*"],
      });
      const firstUse = app.clock.now.toISOString();
      expect(await read()).toMatchObject({ lastUsedAt: firstUse, version: 1 });
      app.pass(30);
      await use();
      expect((await read()).lastUsedAt).toBe(firstUse);
      app.pass(30);
      await use();
      expect((await read()).lastUsedAt).toBe(app.clock.now.toISOString());
      expect(
        JSON.stringify([await read(), (await app.call("GET", "/v1/keys", { as: key })).body]),
      ).not.toContain(made.body.key.slice(-38));
      expect(await app.stored(tenantId)).not.toContain(made.body.key.slice(-38));
      expect(await app.call("GET", "/v1/projects", { as: made.body.key })).toMatchObject({
        status: 403,
        body: { code: "access.scope_missing" },
      });
    });

    it("are refused with a slip, with another secret, and for another deployment", async () => {
      const { key } = await app.bootstrap();
      const { body } = await app.newKey(key);
      const text: string = body.key;
      const swapped = text.at(-1) === "a" ? "b" : "a";
      const use = async (as: string) => (await app.call("GET", "/v1/me", { as })).body.code;
      expect(await use(text.slice(0, -1) + swapped)).toBe("access.key_malformed");
      expect(await use(`${text}x`)).toBe("access.key_malformed");
      const other = (await app.newKey(key)).body.key as string;
      expect(await use(text)).toBeUndefined();
      expect(await use(other.replace(/^(maru_test_)\w{26}/, `$1${body.id.slice(4)}`))).toBe(
        "access.key_malformed",
      );
      expect(await use("Zm9v")).toBe("access.credentials_unknown");
      expect((await app.call("GET", "/v1/me", { headers: { authorization: "Basic Zm9v" } })).body.code).toBe(
        "access.credentials_malformed",
      );
    });

    it("expire", async () => {
      const { key } = await app.bootstrap();
      const expiresAt = new Date(app.clock.now.getTime() + 60_000).toISOString();
      const made = (await app.newKey(key, { expiresAt })).body;
      expect((await app.call("GET", "/v1/me", { as: made.key })).status).toBe(200);
      app.pass(60);
      expect(await app.call("GET", "/v1/me", { as: made.key })).toMatchObject({
        status: 401,
        body: { code: "access.key_expired" },
      });
      expect(await app.newKey(key, { expiresAt })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: "/expiresAt" }] },
      });
    });

    it("are revoked at once and for ever", async () => {
      const { key } = await app.bootstrap();
      const made = (await app.newKey(key)).body;
      const revoke = () => app.call("POST", `/v1/keys/${made.id}:revoke`, { as: key });
      expect(await revoke()).toMatchObject({ status: 200, body: { version: 2 } });
      expect(await app.call("GET", "/v1/me", { as: made.key })).toMatchObject({
        status: 401,
        body: { code: "access.key_revoked" },
      });
      expect(await revoke()).toMatchObject({ status: 409, body: { code: "access.key_is_revoked" } });
      expect((await app.call("POST", `/v1/keys/${made.id}:rotate`, { as: key, body: {} })).status).toBe(409);
    });

    it("are rotated: both secrets work for the grace period, then only the new one", async () => {
      const { key } = await app.bootstrap();
      const made = (await app.newKey(key)).body;
      const rotate = (graceSeconds: number) =>
        app.call("POST", `/v1/keys/${made.id}:rotate`, { as: key, body: { graceSeconds } });
      const use = async (as: string) => {
        const { status, body } = await app.call("GET", "/v1/me", { as });
        return status === 200 ? 200 : body.code;
      };
      const second = (await rotate(3600)).body;
      expect(second.id).toBe(made.id);
      expect([await use(made.key), await use(second.key)]).toEqual([200, 200]);
      app.pass(3600);
      expect([await use(made.key), await use(second.key)]).toEqual(["access.key_rotated", 200]);
      const third = (await rotate(0)).body;
      expect([await use(made.key), await use(second.key), await use(third.key)]).toEqual([
        "access.key_unknown",
        "access.key_unknown",
        200,
      ]);
    });

    it("can't be made, widened or taken over by somebody with less", async () => {
      const { key, apiKey } = await app.bootstrap();
      const writer = (await app.newKey(key, { scopes: ["keys:write", "keys:read", "runs:read"] })).body;
      const beyond = {
        status: 403,
        body: { code: "access.beyond_own_grants", errors: [{ pointer: "/scopes" }] },
      };
      expect(await app.newKey(writer.key, { scopes: ["runs:read", "runs:write"] })).toMatchObject(beyond);
      expect(await app.newKey(writer.key, { scopes: ["runs:*"] })).toMatchObject(beyond);
      expect(await app.newKey(writer.key, { scopes: ["*"] })).toMatchObject(beyond);
      expect(
        await app.call("PATCH", `/v1/keys/${writer.id}`, { as: writer.key, body: { scopes: ["*"] } }),
      ).toMatchObject(beyond);
      expect(
        await app.call("POST", `/v1/keys/${apiKey.id}:rotate`, { as: writer.key, body: {} }),
      ).toMatchObject(beyond);
      expect((await app.newKey(writer.key, { scopes: ["runs:read"] })).status).toBe(201);
      expect(await app.newKey(writer.key, { scopes: ["runs:delete"] })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: "/scopes/0" }] },
      });
    });

    it("keep to their projects, and give no access beyond them", async () => {
      const { key, project } = await app.bootstrap();
      const other = (await app.call("POST", "/v1/projects", { as: key, body: { name: "other" } })).body;
      const narrow = (await app.newKey(key, { scopes: ["*"], projectIds: [other.id] })).body;
      const seen = await app.call("GET", "/v1/projects", { as: narrow.key });
      expect(seen.body.items.map(({ id }: { id: string }) => id)).toEqual([other.id]);
      expect((await app.call("GET", `/v1/projects/${project.id}`, { as: narrow.key })).status).toBe(404);
      expect(
        (await app.call("POST", "/v1/projects", { as: narrow.key, body: { name: "third" } })).status,
      ).toBe(403);
      expect((await app.newKey(narrow.key, { projectIds: null })).body.projectIds).toEqual([other.id]);
      expect(await app.newKey(narrow.key, { projectIds: [project.id] })).toMatchObject({
        status: 403,
        body: { code: "access.beyond_own_projects" },
      });
      expect(
        (
          await app.call("POST", "/v1/users", {
            as: narrow.key,
            body: { email: "w@example.com", name: "W", role: "viewer", password: goodPassword },
          })
        ).status,
      ).toBe(403);
      expect(await app.newKey(key, { projectIds: ["prj_nowhere"] })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: "/projectIds/0", code: "unknown_project" }] },
      });
    });

    it("are made once for an Idempotency-Key, and neither key nor password is kept for it", async () => {
      const { key, tenantId } = await app.bootstrap();
      const headers = { "idempotency-key": "once" };
      const make = (name: string) =>
        app.call("POST", "/v1/keys", { as: key, headers, body: { name, scopes: ["runs:read"] } });
      const first = await make("a");
      expect(first.status).toBe(201);
      expect(await make("a")).toMatchObject({
        status: 409,
        body: { code: "idempotency.applied", data: { resource: `api_key:${first.body.id}` } },
      });
      expect(await make("b")).toMatchObject({ status: 422, body: { code: "idempotency.other_body" } });
      expect((await app.call("GET", "/v1/keys", { as: key })).body.items).toHaveLength(2);
      app.pass(86_400);
      expect((await make("b")).status).toBe(201);
      const both = await Promise.all(
        [1, 2].map(() =>
          app.call("POST", "/v1/keys", {
            as: key,
            headers: { "idempotency-key": "raced" },
            body: { name: "c", scopes: ["runs:read"] },
          }),
        ),
      );
      expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
      expect(await app.stored(tenantId)).not.toContain(first.body.key.slice(-38));
    });

    it("are edited by version", async () => {
      const { key } = await app.bootstrap();
      const made = await app.newKey(key);
      expect(made.headers.get("etag")).toBe('"v1"');
      const edit = (name: string, etag: string) =>
        app.call("PATCH", `/v1/keys/${made.body.id}`, {
          as: key,
          headers: { "if-match": etag },
          body: { name },
        });
      expect(await edit("renamed", '"v1"')).toMatchObject({
        status: 200,
        body: { name: "renamed", version: 2 },
      });
      expect((await edit("again", '"v1"')).status).toBe(412);
      const both = await Promise.all([edit("x", '"v2"'), edit("y", '"v2"')]);
      expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
    });
  });
});
