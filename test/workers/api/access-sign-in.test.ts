import { eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accessTables } from "../../../src/modules/access/tables.ts";
import { accessApp, bootstrapToken, goodPassword } from "../support/access-app.ts";
import { describeOnEachDatabase } from "../support/databases.ts";

describeOnEachDatabase("access", (open) => {
  let app: ReturnType<typeof accessApp>;
  beforeEach(() => {
    app = accessApp(open);
  });
  afterEach(() => app.close());

  describe("bootstrap", () => {
    it("makes a tenant, its project, an admin and a key, and leaves one event without a secret", async () => {
      const made = await app.bootstrap();
      expect(made).toMatchObject({
        tenant: { slug: made.slug, version: 1 },
        project: { name: "Default", isDefault: true },
        admin: { email: "admin@example.com", role: "admin", projectIds: null },
      });
      const [event, ...more] = await app.events(made.tenantId);
      expect(more).toEqual([]);
      expect(event).toMatchObject({
        action: "access.tenant.bootstrap",
        actorKind: "system",
        actorId: "bootstrap",
      });
      const text = await app.stored(made.tenantId);
      expect(text).not.toContain(goodPassword);
      expect(text).not.toContain(made.key.slice(-38));
      expect(JSON.stringify(event)).not.toContain("argon2id");
    });

    it("answers 401 without the bootstrap token and 409 for a slug that is taken", async () => {
      const { request, key } = await app.bootstrap();
      const again = (as?: string) => app.call("POST", "/v1/tenants:bootstrap", { as, body: request });
      expect(await again()).toMatchObject({ status: 401, body: { code: "access.bootstrap_token" } });
      expect(await again(key)).toMatchObject({ status: 401, body: { code: "access.bootstrap_token" } });
      expect(await again(`${bootstrapToken}x`)).toMatchObject({
        status: 401,
        body: { code: "access.credentials_unknown" },
      });
      expect(await again(bootstrapToken)).toMatchObject({
        status: 409,
        body: { code: "access.tenant_exists" },
      });
    });

    it("gives the bootstrap token no other right", async () => {
      expect((await app.call("GET", "/v1/me", { as: bootstrapToken })).status).toBe(401);
      expect((await app.call("GET", "/v1/projects", { as: bootstrapToken })).status).toBe(401);
    });

    it("refuses a short password, pointing at it", async () => {
      const body = {
        tenant: { slug: "short", name: "Short" },
        admin: { email: "a@example.com", name: "A", password: "짧다짧다" },
      };
      const refused = await app.call("POST", "/v1/tenants:bootstrap", { as: bootstrapToken, body });
      expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: "/admin/password" }] } });
    });
  });

  describe("sign-in", () => {
    it("opens a session whose token tells who is calling", async () => {
      const { slug, tenantId, admin } = await app.bootstrap();
      const { status, body } = await app.signIn(slug, "  ADMIN@example.com ");
      expect(status).toBe(201);
      expect(body).toMatchObject({ tokenType: "Bearer", expiresIn: 600, user: { id: admin.id } });
      const me = await app.call("GET", "/v1/me", { as: body.accessToken });
      expect(me.body).toEqual({
        actor: { kind: "user", id: admin.id, role: "admin" },
        tenant: { id: tenantId, slug, name: "Tenant" },
        grants: ["*"],
        projectIds: null,
      });
      const text = await app.stored(tenantId);
      expect(text).not.toContain(body.refreshToken);
      expect(text).not.toContain(body.accessToken);
    });

    it("answers the same for a wrong password, address and tenant and for a disabled user", async () => {
      const { slug, key } = await app.bootstrap();
      const user = await app.newUser(key);
      await app.call("PATCH", `/v1/users/${user.body.id}`, { as: key, body: { disabled: true } });
      const answers = [
        await app.signIn(slug, "admin@example.com", "a wrong password"),
        await app.signIn(slug, "nobody@example.com"),
        await app.signIn("no-such-tenant"),
        await app.signIn(slug, "dev@example.com"),
      ];
      const told = answers.map(({ status, body: { code, detail, title } }) => ({
        status,
        code,
        detail,
        title,
      }));
      expect(told[0]).toMatchObject({ status: 401, code: "access.credentials_wrong" });
      for (const one of told) expect(one).toEqual(told[0]);
    });

    it("makes an account wait after five failures, known or not, and the right password too", async () => {
      const { slug, tenantId } = await app.bootstrap();
      for (const email of ["admin@example.com", "nobody@example.com"]) {
        for (let i = 0; i < 5; i++) expect((await app.signIn(slug, email, "wrong")).status).toBe(401);
        const blocked = await app.signIn(slug, email);
        expect(blocked).toMatchObject({ status: 429, body: { code: "access.sign_in_blocked" } });
        expect(blocked.headers.get("retry-after")).toBe("30");
      }
      app.pass(31);
      expect((await app.signIn(slug, "admin@example.com", "wrong")).status).toBe(401);
      expect((await app.signIn(slug)).headers.get("retry-after")).toBe("60");
      app.pass(61);
      expect((await app.signIn(slug)).status).toBe(201);
      expect((await app.signIn(slug, "admin@example.com", "wrong")).status).toBe(401);
      expect((await app.signIn(slug)).status).toBe(201);
      const events = await app.events(tenantId);
      expect(
        events.filter(({ after }) => (after as { outcome?: string }).outcome === "refused"),
      ).toHaveLength(12);
    });

    it("counts every guess that got an answer when guesses come at once", async () => {
      const { slug, tenantId } = await app.bootstrap();
      const guesses = await Promise.all(
        Array.from({ length: 12 }, (_, i) => app.signIn(slug, "admin@example.com", `guess ${i}`)),
      );
      const answered = guesses.filter(({ status }) => status === 401).length;
      expect(guesses.filter(({ status }) => status === 429).length).toBe(12 - answered);
      const one = app.open();
      const { signInAttempts } = accessTables.of(one);
      const rows = await one.select().from(signInAttempts).where(eq(signInAttempts.tenantId, tenantId));
      expect(rows).toMatchObject([{ failures: answered }]);
      expect(answered).toBeLessThanOrEqual(5);
    });

    it("publishes the key that verifies its tokens", async () => {
      const { slug } = await app.bootstrap();
      const { body } = await app.signIn(slug);
      const head = JSON.parse(atob(body.accessToken.split(".")[0]));
      const keys = await app.call("GET", "/.well-known/jwks.json");
      expect(keys.body.keys.map(({ kid }: { kid: string }) => kid)).toContain(head.kid);
      expect(JSON.stringify(keys.body)).not.toContain('"d"');
    });
  });
});
