import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accessApp } from "../support/access-app.ts";
import { describeOnEachDatabase } from "../support/databases.ts";

describeOnEachDatabase("access", (open) => {
  let app: ReturnType<typeof accessApp>;
  beforeEach(() => {
    app = accessApp(open);
  });
  afterEach(() => app.close());

  describe("sessions", () => {
    it("rotate the refresh token, and end when an old one comes back", async () => {
      const { slug, tenantId } = await app.bootstrap();
      const first = (await app.signIn(slug)).body;
      const refresh = (refreshToken: string) =>
        app.call("POST", "/v1/sessions:refresh", { body: { refreshToken } });
      const second = await refresh(first.refreshToken);
      expect(second.status).toBe(200);
      expect(second.body.sessionId).toBe(first.sessionId);
      expect(second.body.refreshToken).not.toBe(first.refreshToken);
      expect((await app.call("GET", "/v1/me", { as: second.body.accessToken })).status).toBe(200);
      expect(await refresh(first.refreshToken)).toMatchObject({
        status: 401,
        body: { code: "access.refresh_reused" },
      });
      expect(await refresh(second.body.refreshToken)).toMatchObject({
        status: 401,
        body: { code: "access.session_revoked" },
      });
      for (const as of [first.accessToken, second.body.accessToken]) {
        expect(await app.call("GET", "/v1/me", { as })).toMatchObject({
          status: 401,
          body: { code: "access.session_revoked" },
        });
      }
      const last = (await app.events(tenantId)).filter(({ action }) => action === "access.session.refresh");
      expect(
        last.map(({ after }) => (after as { revokedReason: string | null }).revokedReason).sort(),
      ).toEqual([null, "refresh_reused"].sort());
    });

    it("give new tokens to one of two refreshes with the same token", async () => {
      const { slug } = await app.bootstrap();
      const { refreshToken } = (await app.signIn(slug)).body;
      const answers = await Promise.all(
        [1, 2, 3].map(() => app.call("POST", "/v1/sessions:refresh", { body: { refreshToken } })),
      );
      expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    });

    it("end after 14 days without a refresh, and after 90 days at the latest", async () => {
      const { slug } = await app.bootstrap();
      const day = 86_400;
      let { refreshToken } = (await app.signIn(slug)).body;
      const refresh = () => app.call("POST", "/v1/sessions:refresh", { body: { refreshToken } });
      for (let days = 0; days < 80; days += 10) {
        app.pass(10 * day);
        const next = await refresh();
        expect(next.status).toBe(200);
        refreshToken = next.body.refreshToken;
      }
      app.pass(10 * day);
      expect(await refresh()).toMatchObject({ status: 401, body: { code: "access.refresh_expired" } });
      refreshToken = (await app.signIn(slug)).body.refreshToken;
      app.pass(14 * day);
      expect(await refresh()).toMatchObject({ status: 401, body: { code: "access.refresh_expired" } });
      refreshToken = "maru_refresh_never";
      expect(await refresh()).toMatchObject({ status: 401, body: { code: "access.refresh_unknown" } });
    });

    it("have access tokens that expire after ten minutes", async () => {
      const { slug } = await app.bootstrap();
      const { accessToken } = (await app.signIn(slug)).body;
      app.pass(599);
      expect((await app.call("GET", "/v1/me", { as: accessToken })).status).toBe(200);
      app.pass(1);
      const late = await app.call("GET", "/v1/me", { as: accessToken });
      expect(late).toMatchObject({ status: 401, body: { code: "access.token_expired" } });
      expect(late.headers.get("www-authenticate")).toContain("Bearer");
    });

    it("end by sign-out, this one or all of them, and at once", async () => {
      const { slug } = await app.bootstrap();
      const [one, two, three] = [await app.signIn(slug), await app.signIn(slug), await app.signIn(slug)];
      const out = (body: object, as?: string) => app.call("POST", "/v1/sessions:revoke", { as, body });
      const works = async ({ body }: typeof one) =>
        (await app.call("GET", "/v1/me", { as: body.accessToken })).status;
      expect((await out({ refreshToken: one.body.refreshToken })).body).toEqual({ revoked: 1 });
      expect((await out({ refreshToken: one.body.refreshToken })).body).toEqual({ revoked: 0 });
      expect((await out({ refreshToken: "unknown" })).body).toEqual({ revoked: 0 });
      expect([await works(one), await works(two), await works(three)]).toEqual([401, 200, 200]);
      expect((await out({})).status).toBe(401);
      expect((await out({}, two.body.accessToken)).body).toEqual({ revoked: 2 });
      expect([await works(two), await works(three)]).toEqual([401, 401]);
    });
  });
});
