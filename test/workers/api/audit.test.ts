import { runInDurableObject } from "cloudflare:test";
import { and, eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sealEvents } from "../../../durable-objects/ledger/seal-events.ts";
import { LedgerStore } from "../../../durable-objects/ledger/store.ts";
import type { Db } from "../../../src/db/db.ts";
import { ledgerTables } from "../../../src/db/ledger-tables.ts";
import { writeWithEvent } from "../../../src/db/write.ts";
import { newId } from "../../../src/kernel/ids.ts";
import type { AuditEvent, AuditVerdict } from "../../../src/modules/audit/schemas.ts";
import { ledgerOf } from "../../../src/platform/objects.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { bindings, makeApp, signedIn } from "./audit-app.ts";

const start = Date.parse("2026-03-01T00:00:00.000Z");

describeOnEachDatabase("the audit API", (open) => {
  let tenantId: string;
  let opened: Db[] = [];
  const db = () => {
    const one = open();
    opened.push(one);
    return one;
  };
  beforeEach(() => {
    tenantId = newId("ten", Date.now());
  });
  afterEach(async () => {
    for (const one of opened) await one.close();
    opened = [];
  });

  const write = async (n: number, more: object = {}, change: object = {}) => {
    const facts = {
      tenantId,
      actor: { kind: "user" as const, id: "usr_1" },
      action: "test.thing.create",
      requestId: `req_${n}`,
      traceId: "t",
      now: new Date(start + n * 1000),
      ...more,
    };
    await writeWithEvent(
      db(),
      facts,
      { entity: `thing:${n}`, after: { n, 이름: "가나다" }, ...change },
      () => [],
    );
  };
  const seal = () =>
    runInDurableObject(ledgerOf(bindings, tenantId), async (_, state) => {
      const own = open();
      try {
        const store = new LedgerStore(state.storage);
        while ((await sealEvents(own, tenantId, store)) > 0);
      } finally {
        await own.close();
      }
    });
  const call = (path: string, init: RequestInit = {}) =>
    makeApp(db)(path, { headers: signedIn(tenantId, ["audit:read"]), ...init });
  const list = async (query = "") => {
    const response = await call(`/v1/audit/events${query}`);
    expect(response.status).toBe(200);
    return response.json<{ items: AuditEvent[]; nextCursor: string | null }>();
  };
  const resources = async (query: string) => (await list(query)).items.map(({ resource }) => resource);
  const verify = async (body: object = {}) => {
    const response = await call("/v1/audit:verify", {
      method: "POST",
      headers: { ...signedIn(tenantId, ["audit:read"]), "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    return response.json<AuditVerdict>();
  };
  const tamper = (seq: number, change: object) => {
    const one = db();
    const { events } = ledgerTables.of(one);
    const is = and(eq(events.tenantId, tenantId), eq(events.seq, seq));
    return one.atomic((q) => [q.update(events).set(change).where(is)]);
  };
  const remove = (seq: number) => {
    const one = db();
    const { events } = ledgerTables.of(one);
    return one.atomic((q) => [
      q.delete(events).where(and(eq(events.tenantId, tenantId), eq(events.seq, seq))),
    ]);
  };

  it("lists the newest first and pages without gaps while events arrive", async () => {
    for (let n = 0; n < 5; n++) await write(n);
    const first = await list("?limit=2");
    await write(9);
    const second = await list(`?limit=2&cursor=${first.nextCursor}`);
    const third = await list(`?limit=2&cursor=${second.nextCursor}`);
    expect([first, second, third].flatMap(({ items }) => items.map(({ resource }) => resource))).toEqual(
      [4, 3, 2, 1, 0].map((n) => `thing:${n}`),
    );
    expect(third.nextCursor).toBeNull();
    expect(first.items[0]).toMatchObject({
      at: new Date(start + 4000).toISOString(),
      actor: { kind: "user", id: "usr_1" },
      before: null,
      after: { n: 4, 이름: "가나다" },
      seq: null,
    });
  });

  it("narrows by time, actor, action, resource and project", async () => {
    await write(0);
    await write(1, { actor: { kind: "api_key", id: "key_1" }, action: "test.thing.delete" });
    await write(2, { action: "test.thingy.create" }, { entity: "thingy:2", projectId: "prj_1" });
    expect(await resources(`?from=${new Date(start + 1000).toISOString()}`)).toEqual(["thingy:2", "thing:1"]);
    expect(await resources(`?to=${new Date(start + 1000).toISOString()}`)).toEqual(["thing:0"]);
    expect(await resources("?actor=api_key:key_1")).toEqual(["thing:1"]);
    expect(await resources("?actor=usr_1")).toEqual(["thingy:2", "thing:0"]);
    expect(await resources("?actor=system:usr_1")).toEqual([]);
    expect(await resources("?action=test.thing")).toEqual(["thing:1", "thing:0"]);
    expect(await resources("?action=test.thing.create")).toEqual(["thing:0"]);
    expect(await resources("?resource=thing")).toEqual(["thing:1", "thing:0"]);
    expect(await resources("?resource=thing:1")).toEqual(["thing:1"]);
    expect(await resources("?projectId=prj_1")).toEqual(["thingy:2"]);
    expect(await resources("?action=test.%25")).toEqual([]);
  });

  it("shows a caller of some projects their events only", async () => {
    await write(0);
    await write(1, {}, { projectId: "prj_1" });
    await write(2, {}, { projectId: "prj_2" });
    const headers = signedIn(tenantId, ["audit:read"], { projectIds: ["prj_1"] });
    const { items } = await (await call("/v1/audit/events", { headers })).json<{ items: AuditEvent[] }>();
    expect(items.map(({ resource }) => resource)).toEqual(["thing:1"]);
    const other = await call("/v1/audit/events?projectId=prj_2", { headers });
    expect((await other.json<{ items: AuditEvent[] }>()).items).toEqual([]);
    expect((await call("/v1/audit:verify", { method: "POST", headers })).status).toBe(403);
  });

  it("gives one event, and answers 404 for another tenant's", async () => {
    await write(0);
    const [event] = (await list()).items;
    const mine = await call(`/v1/audit/events/${event?.id}`);
    expect(await mine.json()).toEqual(event);
    const other = await call(`/v1/audit/events/${event?.id}`, { headers: signedIn(`${tenantId}x`) });
    expect(other.status).toBe(404);
    expect(await other.json()).toMatchObject({ code: "audit.unknown_event" });
  });

  it("refuses nobody with 401, no scope with 403 and a wrong filter with a pointer", async () => {
    expect((await call("/v1/audit/events", { headers: {} })).status).toBe(401);
    expect((await call("/v1/audit/events", { headers: signedIn(tenantId, ["runs:read"]) })).status).toBe(403);
    const wrong = await call("/v1/audit/events?from=yesterday&colour=red");
    expect(wrong.status).toBe(422);
    const { errors } = await wrong.json<{ errors: { pointer: string }[] }>();
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual(["/query/colour", "/query/from"]);
  });

  it("exports every event as JSON lines, the oldest first", async () => {
    for (let n = 0; n < 4; n++) await write(n);
    const response = await call("/v1/audit/events:export");
    expect(response.headers.get("content-type")).toBe("application/x-ndjson; charset=utf-8");
    expect(response.headers.get("content-disposition")).toMatch(
      /^attachment; filename="audit-\d{4}-\d\d-\d\d\.jsonl"$/,
    );
    const lines = (await response.text()).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).resource)).toEqual([
      "thing:0",
      "thing:1",
      "thing:2",
      "thing:3",
    ]);
  });

  it("exports CSV in which no cell runs as a formula", async () => {
    await write(
      0,
      { actor: { kind: "user", id: "=cmd|' /C calc'!A0" } },
      { after: { text: 'say "hi", 안녕\n' } },
    );
    const text = await (await call("/v1/audit/events:export?format=csv")).text();
    const [header, ...lines] = text.split("\r\n");
    expect(header).toMatch(/^seq,at,actor_kind,actor_id,action,resource,/);
    expect(lines[0]).toContain(",'=cmd|' /C calc'!A0,");
    expect(lines[0]).toContain(String.raw`"{""text"":""say \""hi\"", 안녕\n""}"`);
    expect(lines[1]).toBe("");
  });

  it("finds a whole chain in order, also in several steps", async () => {
    for (let n = 0; n < 7; n++)
      await write(n, {}, { before: { price: 1.5, big: 1e21, deep: [null, { b: 1, a: 2 }] } });
    await seal();
    await write(8);
    const verdict = await verify();
    expect(verdict).toMatchObject({
      ok: true,
      checked: 7,
      sealed: 7,
      unsealed: 1,
      firstFault: null,
      nextAfter: null,
    });
    expect(verdict.head.hash).toMatch(/^[0-9a-f]{64}$/);
    const step = await verify({ limit: 4 });
    expect(step).toMatchObject({ ok: true, checked: 4, nextAfter: 4 });
    expect(await verify({ after: 4, limit: 4 })).toMatchObject({ ok: true, checked: 3, nextAfter: null });
    expect(await verify({ after: 99 })).toMatchObject({ ok: true, checked: 0 });
  });

  it("finds a tenant without events in order", async () => {
    expect(await verify()).toMatchObject({ ok: true, checked: 0, sealed: 0, unsealed: 0, head: { seq: 0 } });
  });

  it("finds the first changed, missing, reordered, truncated and added row", async () => {
    for (let n = 0; n < 6; n++) await write(n);
    await seal();
    const ids = (await list()).items.reverse().map(({ id }) => id);
    const fault = async () => (await verify()).firstFault;
    expect(await fault()).toBeNull();

    await tamper(3, { actorId: "usr_2" });
    expect(await fault()).toEqual({ seq: 3, eventId: ids[2], kind: "changed" });
    await tamper(3, { actorId: "usr_1", before: { n: 7 } });
    expect(await fault()).toEqual({ seq: 3, eventId: ids[2], kind: "changed" });
    await tamper(3, { before: null });
    expect(await fault()).toBeNull();

    await tamper(2, { seq: 1000 });
    await tamper(4, { seq: 2 });
    await tamper(1000, { seq: 4 });
    expect(await fault()).toEqual({ seq: 2, eventId: ids[3], kind: "reordered" });
    await tamper(2, { seq: 1000 });
    await tamper(4, { seq: 2 });
    await tamper(1000, { seq: 4 });
    expect(await fault()).toBeNull();

    await tamper(6, { seq: 7 });
    expect(await fault()).toEqual({ seq: 6, eventId: null, kind: "missing" });
    await tamper(7, { seq: 6 });
    await write(6);
    await tamper(6, { seq: 6 });
    const one = db();
    const { events } = ledgerTables.of(one);
    const isNew = and(eq(events.tenantId, tenantId), eq(events.resource, "thing:6"));
    await one.atomic((q) => [q.update(events).set({ seq: 7, chainHash: "forged" }).where(isNew)]);
    expect(await fault()).toMatchObject({ seq: 7, kind: "added" });
    await remove(7);
    expect(await fault()).toBeNull();

    await remove(6);
    expect(await fault()).toEqual({ seq: 6, eventId: null, kind: "truncated" });
    expect(await verify({ limit: 5 })).toMatchObject({ ok: true, checked: 5, nextAfter: 5 });
    await remove(2);
    expect(await fault()).toEqual({ seq: 2, eventId: null, kind: "missing" });
    expect(await verify({ limit: 2 })).toMatchObject({ ok: false, firstFault: { seq: 2, kind: "missing" } });
  });

  it("finds a chain that was rewritten whole, and a row changed before it was chained", async () => {
    for (let n = 0; n < 3; n++) await write(n);
    await seal();
    const one = db();
    const { events } = ledgerTables.of(one);
    const { eventDigest } = await import("../../../src/db/write.ts");
    const { chainHash } = await import("../../../src/modules/audit/chain.rules.ts");
    const { factsOf } = await import("../../../src/modules/audit/to-event.ts");
    const rows = await one.select().from(events).where(eq(events.tenantId, tenantId)).orderBy(events.seq);
    let hash = rows[0]?.chainHash ?? "";
    for (const row of rows.slice(1)) {
      const forged = { ...row, actorId: "usr_2" };
      const digest = await eventDigest(factsOf(forged));
      hash = chainHash(hash, digest);
      await tamper(row.seq ?? 0, { actorId: "usr_2", digest, chainHash: hash });
    }
    expect((await verify()).firstFault).toEqual({ seq: 3, eventId: rows[2]?.id, kind: "changed" });

    tenantId = newId("ten", Date.now());
    await write(0);
    await one.atomic((q) => [q.update(events).set({ action: "x" }).where(eq(events.tenantId, tenantId))]);
    expect((await verify()).firstFault).toMatchObject({ seq: null, kind: "changed" });
  });
});
