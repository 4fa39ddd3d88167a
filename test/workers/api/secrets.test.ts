import { and, eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readSecret } from "../../../src/modules/secrets/index.ts";
import { secretTables } from "../../../src/modules/secrets/tables.ts";
import { accessApp } from "../support/access-app.ts";
import { caller } from "../support/caller.ts";
import { describeOnEachDatabase } from "../support/databases.ts";

const value = "sk-한글도-되는-비밀-0123456789";

describeOnEachDatabase("secrets", (open) => {
  let app: ReturnType<typeof accessApp>;
  let key: string;
  let tenantId: string;
  beforeEach(async () => {
    app = accessApp(open);
    ({ key, tenantId } = await app.bootstrap());
  });
  afterEach(() => app.close());

  const put = (name: string, body: object, headers = {}) =>
    app.call("PUT", `/v1/secrets/${name}`, { as: key, body, headers });
  const ctx = () => caller(app.open(), tenantId).ctxOf("evaluation.case.evaluate");

  it("are stored sealed and are never part of an answer, an event or a row", async () => {
    const made = await put("OPENAI_API_KEY", { value, description: "team account" });
    expect(made).toMatchObject({
      status: 200,
      body: { name: "OPENAI_API_KEY", description: "team account", version: 1, lastReadAt: null },
    });
    const next = await put("OPENAI_API_KEY", { value: `${value}2` });
    expect(next.body).toMatchObject({ version: 2, description: "team account" });
    const list = await app.call("GET", "/v1/secrets", { as: key });
    expect(list.body.items).toEqual([next.body]);
    const one = await app.call("GET", "/v1/secrets/OPENAI_API_KEY", { as: key });
    expect(JSON.stringify([made, next, list, one])).not.toContain(value);
    expect(await app.stored(tenantId)).not.toContain(value);
  });

  it("are read inside only, and every reading leaves an event", async () => {
    await put("A", { value });
    expect(await readSecret(ctx(), "A")).toBe(value);
    expect(await readSecret(ctx(), "A")).toBe(value);
    const reads = (await app.events(tenantId)).filter(({ action }) => action === "secrets.secret.read");
    expect(reads).toHaveLength(2);
    expect(reads[0]).toMatchObject({
      resource: "secret:A",
      actorId: "usr_author",
      after: { name: "A", version: 1, usedFor: "evaluation.case.evaluate" },
    });
    expect((await app.call("GET", "/v1/secrets/A", { as: key })).body.lastReadAt).not.toBeNull();
    await expect(readSecret(ctx(), "B")).rejects.toMatchObject({ failure: { code: "secrets.unknown" } });
    const elsewhere = caller(app.open()).ctxOf("evaluation.case.evaluate");
    await expect(readSecret(elsewhere, "A")).rejects.toMatchObject({ failure: { kind: "not_found" } });
  });

  it("open in their own place only", async () => {
    await put("A", { value });
    await put("B", { value: "other" });
    const db = app.open();
    const { secrets } = secretTables.of(db);
    const of = (name: string) => and(eq(secrets.tenantId, tenantId), eq(secrets.name, name));
    const [a] = await db.select().from(secrets).where(of("A"));
    if (a === undefined) throw new Error("not stored");
    await db.atomic((q) => [q.update(secrets).set({ sealed: a.sealed }).where(of("B"))]);
    await expect(readSecret(ctx(), "B")).rejects.toThrow();
    await db.atomic((q) => [q.update(secrets).set({ version: 2 }).where(of("A"))]);
    await expect(readSecret(ctx(), "A")).rejects.toThrow();
  });

  it("are edited by version, and one of two writers loses", async () => {
    expect((await put("A", { value }, { "if-match": '"v1"' })).status).toBe(412);
    expect((await put("A", { value })).headers.get("etag")).toBe('"v1"');
    expect((await put("A", { value }, { "if-match": '"v1"' })).status).toBe(200);
    expect((await put("A", { value }, { "if-match": '"v1"' })).status).toBe(412);
    const both = await Promise.all([put("A", { value: "x" }), put("A", { value: "y" })]);
    const won = both.filter(({ status }) => status === 200).length;
    const { body } = await app.call("GET", "/v1/secrets/A", { as: key });
    expect(body.version).toBe(2 + won);
    expect(["x", "y"]).toContain(await readSecret(ctx(), "A"));
  });

  it("are written once for an Idempotency-Key, of which no hash of the value is kept that can be guessed", async () => {
    const headers = { "idempotency-key": "once" };
    expect((await put("A", { value }, headers)).status).toBe(200);
    expect(await put("A", { value }, headers)).toMatchObject({
      status: 409,
      body: { code: "idempotency.applied" },
    });
    expect(await put("A", { value: "z" }, headers)).toMatchObject({
      status: 422,
      body: { code: "idempotency.other_body" },
    });
    expect((await app.call("GET", "/v1/secrets/A", { as: key })).body.version).toBe(1);
  });

  it("are deleted, and refused when badly named, empty or too long", async () => {
    await put("A", { value });
    expect((await app.call("DELETE", "/v1/secrets/A", { as: key })).status).toBe(200);
    expect((await app.call("DELETE", "/v1/secrets/A", { as: key })).status).toBe(404);
    expect((await put("1A", { value })).body.errors[0].pointer).toBe("/path/name");
    expect((await put("A", { value: "" })).body.errors[0].pointer).toBe("/value");
    expect((await put("A", { value: "x".repeat(8193) })).body.errors[0].pointer).toBe("/value");
    expect((await put("A", { value, extra: 1 })).body.errors[0].pointer).toBe("/extra");
  });

  it("belong to the whole tenant, so that somebody held to projects can't change them", async () => {
    const project = (await app.call("POST", "/v1/projects", { as: key, body: { name: "p" } })).body;
    const narrow = (await app.newKey(key, { scopes: ["*"], projectIds: [project.id] })).body.key;
    const refused = await app.call("PUT", "/v1/secrets/A", { as: narrow, body: { value } });
    expect(refused).toMatchObject({ status: 403, body: { code: "access.project_refused" } });
  });
});
