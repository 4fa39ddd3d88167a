import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accessApp } from "../support/access-app.ts";
import { describeOnEachDatabase } from "../support/databases.ts";

describeOnEachDatabase("access", (open) => {
  let app: ReturnType<typeof accessApp>;
  beforeEach(() => {
    app = accessApp(open);
  });
  afterEach(() => app.close());

  describe("projects and the tenant", () => {
    it("are edited by version, and the default project stays", async () => {
      const { key, project, tenantId } = await app.bootstrap();
      const tenant = await app.call("PATCH", `/v1/tenants/${tenantId}`, {
        as: key,
        headers: { "if-match": '"v1"' },
        body: { settings: { "ui.language": "ko" } },
      });
      expect(tenant).toMatchObject({ status: 200, body: { settings: { "ui.language": "ko" }, version: 2 } });
      expect(
        (
          await app.call("PATCH", `/v1/tenants/${tenantId}`, {
            as: key,
            headers: { "if-match": '"v1"' },
            body: {},
          })
        ).status,
      ).toBe(412);
      expect(await app.call("DELETE", `/v1/projects/${project.id}`, { as: key })).toMatchObject({
        status: 409,
        body: { code: "access.default_project" },
      });
      const made = await app.call("POST", "/v1/projects", {
        as: key,
        body: { name: "보험", description: "약관" },
      });
      expect((await app.call("POST", "/v1/projects", { as: key, body: { name: "보험" } })).status).toBe(409);
      expect(
        (await app.call("PATCH", `/v1/projects/${made.body.id}`, { as: key, body: { name: "심사" } })).body,
      ).toMatchObject({ name: "심사", description: "약관" });
      expect((await app.call("DELETE", `/v1/projects/${made.body.id}`, { as: key })).status).toBe(200);
      expect((await app.call("GET", `/v1/projects/${made.body.id}`, { as: key })).status).toBe(404);
    });

    it("are listed in pages that new rows don't move", async () => {
      const { key } = await app.bootstrap();
      for (const name of ["a", "b", "c", "d"])
        await app.call("POST", "/v1/projects", { as: key, body: { name } });
      const names: string[] = [];
      let cursor: string | null = "";
      for (let page = 0; cursor !== null; page++) {
        const query = cursor === "" ? "" : `&cursor=${cursor}`;
        const { body } = await app.call("GET", `/v1/projects?limit=2${query}`, { as: key });
        names.push(...body.items.map(({ name }: { name: string }) => name));
        cursor = body.nextCursor;
        app.pass(1);
        await app.call("POST", "/v1/projects", { as: key, body: { name: `new ${page}` } });
      }
      expect(names.sort()).toEqual(["Default", "a", "b", "c", "d"]);
      expect(
        (await app.call("GET", "/v1/projects?cursor=nonsense", { as: key })).body.errors[0].pointer,
      ).toBe("/query/cursor");
    });
  });
});
