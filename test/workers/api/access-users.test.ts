import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accessApp, goodPassword } from "../support/access-app.ts";
import { describeOnEachDatabase } from "../support/databases.ts";

describeOnEachDatabase("access", (open) => {
  let app: ReturnType<typeof accessApp>;
  beforeEach(() => {
    app = accessApp(open);
  });
  afterEach(() => app.close());

  describe("users", () => {
    it("are changed with effect from the next request: role, disabling, password", async () => {
      const { slug, key } = await app.bootstrap();
      const { id } = (await app.newUser(key)).body;
      const token = (await app.signIn(slug, "dev@example.com")).body.accessToken;
      const make = () => app.call("POST", "/v1/projects", { as: token, body: { name: `p${Math.random()}` } });
      expect((await make()).status).toBe(403);
      await app.call("PATCH", `/v1/users/${id}`, { as: key, body: { role: "manager" } });
      expect((await make()).status).toBe(201);
      const mine = (
        await app.call("POST", "/v1/keys", { as: token, body: { name: "k", scopes: ["runs:read"] } })
      ).body.key;
      expect((await app.call("GET", "/v1/me", { as: mine })).status).toBe(200);
      await app.call("PATCH", `/v1/users/${id}`, { as: key, body: { disabled: true } });
      expect(await make()).toMatchObject({ status: 401, body: { code: "access.session_revoked" } });
      expect(await app.call("GET", "/v1/me", { as: mine })).toMatchObject({
        status: 401,
        body: { code: "access.key_revoked" },
      });
    });

    it("change their own password with the old one, which ends every session", async () => {
      const { slug } = await app.bootstrap();
      const token = (await app.signIn(slug)).body.accessToken;
      const change = (currentPassword: string, as = token) =>
        app.call("POST", "/v1/me:changePassword", {
          as,
          body: { currentPassword, newPassword: "another long password" },
        });
      expect(await change("not the old one")).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: "/currentPassword" }] },
      });
      expect((await change(goodPassword)).status).toBe(200);
      expect((await change(goodPassword)).status).toBe(401);
      expect((await app.signIn(slug)).status).toBe(401);
      expect((await app.signIn(slug, "admin@example.com", "another long password")).status).toBe(201);
    });

    it("can't be given, or taken over by somebody with less", async () => {
      const { slug, key, admin } = await app.bootstrap();
      await app.newUser(key, { grants: ["admin:users"] });
      const token = (await app.signIn(slug, "dev@example.com")).body.accessToken;
      const beyond = { status: 403, body: { code: "access.beyond_own_grants" } };
      const person = { email: "x@example.com", name: "X", password: goodPassword };
      expect(
        await app.call("POST", "/v1/users", { as: token, body: { ...person, role: "admin" } }),
      ).toMatchObject(beyond);
      expect(
        await app.call("POST", "/v1/users", {
          as: token,
          body: { ...person, role: "viewer", grants: ["secrets:write"] },
        }),
      ).toMatchObject(beyond);
      expect(
        await app.call("PATCH", `/v1/users/${admin.id}`, { as: token, body: { name: "Y" } }),
      ).toMatchObject(beyond);
      expect(
        await app.call("POST", `/v1/users/${admin.id}:resetPassword`, {
          as: token,
          body: { password: "taken over, ha ha" },
        }),
      ).toMatchObject(beyond);
      expect(await app.call("DELETE", `/v1/users/${admin.id}`, { as: token })).toMatchObject(beyond);
      expect(
        (await app.call("POST", "/v1/users", { as: token, body: { ...person, role: "viewer" } })).status,
      ).toBe(201);
    });

    it("always include an admin who can reach everything", async () => {
      const { key, admin, project } = await app.bootstrap();
      const last = { status: 409, body: { code: "access.last_admin" } };
      const change = (id: string, body: object) => app.call("PATCH", `/v1/users/${id}`, { as: key, body });
      expect(await change(admin.id, { role: "viewer" })).toMatchObject(last);
      expect(await change(admin.id, { disabled: true })).toMatchObject(last);
      expect(await change(admin.id, { projectIds: [project.id] })).toMatchObject(last);
      expect(await app.call("DELETE", `/v1/users/${admin.id}`, { as: key })).toMatchObject(last);
      const other = (await app.newUser(key, { role: "admin" })).body;
      const both = await Promise.all([
        change(admin.id, { role: "viewer" }),
        change(other.id, { role: "viewer" }),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    });

    it("have one address each in a tenant, whatever its case", async () => {
      const { key } = await app.bootstrap();
      expect((await app.newUser(key)).status).toBe(201);
      expect(await app.newUser(key, { email: "DEV@example.com" })).toMatchObject({
        status: 409,
        body: { code: "access.email_taken" },
      });
    });

    it("are deleted with their sessions, and with their keys unless told otherwise", async () => {
      const { slug, key } = await app.bootstrap();
      const gone = async (query: string) => {
        const { id } = (await app.newUser(key, { role: "manager" })).body;
        const token = (await app.signIn(slug, "dev@example.com")).body.accessToken;
        const made = (
          await app.call("POST", "/v1/keys", { as: token, body: { name: "k", scopes: ["runs:read"] } })
        ).body.key;
        expect((await app.call("DELETE", `/v1/users/${id}${query}`, { as: key })).status).toBe(200);
        expect((await app.call("GET", "/v1/me", { as: token })).status).toBe(401);
        return (await app.call("GET", "/v1/me", { as: made })).status;
      };
      expect(await gone("")).toBe(401);
      expect(await gone("?revokeKeys=false")).toBe(200);
    });
  });
});
