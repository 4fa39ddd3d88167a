import { and, eq, sql } from "drizzle-orm";
import { afterEach, expect, it } from "vitest";
import { type Db, LostRace, UniqueViolation } from "../../src/db/db.ts";
import { idempotencyLedger } from "../../src/db/idempotency.ts";
import { ledgerTables } from "../../src/db/ledger-tables.ts";
import { writeWithEvent } from "../../src/db/write.ts";
import { newId } from "../../src/kernel/ids.ts";
import { describeOnEachDatabase } from "../workers/support/databases.ts";

const now = new Date("2026-03-01T00:00:00.123Z");

describeOnEachDatabase("a write", (open) => {
  let db: Db;
  const facts = () => ({
    tenantId: newId("ten", Date.now()),
    actor: { kind: "user" as const, id: "usr_1" },
    action: "test.thing.create",
    requestId: newId("req", Date.now()),
    traceId: "0".repeat(31) + "1",
    now,
  });
  afterEach(() => db.close());

  const eventsOf = (tenantId: string) => {
    const { events } = ledgerTables.of(db);
    return db.select().from(events).where(eq(events.tenantId, tenantId));
  };
  const outboxOf = (tenantId: string) => {
    const { outbox } = ledgerTables.of(db);
    return db.select().from(outbox).where(eq(outbox.tenantId, tenantId));
  };
  const message = (tenantId: string, id = newId("out", now)) => ({
    id,
    tenantId,
    topic: "t",
    payload: { n: 1.5, ok: true },
    availableAt: now,
  });

  it("stores the statements, one event and the outbox together", async () => {
    db = open();
    const call = facts();
    const { outbox } = ledgerTables.of(db);
    await writeWithEvent(
      db,
      call,
      { entity: "thing:1", after: { b: 1, a: [now] } },
      (q) => [q.insert(outbox).values(message(call.tenantId))],
      [{ topic: "mail", payload: { to: "가나" } }],
    );
    const [event, ...others] = await eventsOf(call.tenantId);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      action: "test.thing.create",
      resource: "thing:1",
      before: null,
      after: { a: [now.toISOString()], b: 1 },
      at: now,
      seq: null,
    });
    expect(
      (await outboxOf(call.tenantId))
        .map(({ topic, payload }) => ({ topic, payload }))
        .sort((a, b) => (a.topic < b.topic ? -1 : 1)),
    ).toEqual([
      { topic: "mail", payload: { to: "가나" } },
      { topic: "t", payload: { n: 1.5, ok: true } },
    ]);
  });

  it("leaves neither row nor event when a race is lost", async () => {
    db = open();
    const call = facts();
    const { outbox } = ledgerTables.of(db);
    const lost = writeWithEvent(db, call, { entity: "thing:1" }, (q) => [
      q.insert(outbox).values(message(call.tenantId)),
      q.mustHold(sql`exists (select 1 from ${outbox} where ${outbox.id} = 'nobody')`),
    ]);
    await expect(lost).rejects.toMatchObject({ failure: { kind: "conflict", code: "write.lost_race" } });
    expect(await eventsOf(call.tenantId)).toEqual([]);
    expect(await outboxOf(call.tenantId)).toEqual([]);
    await expect(db.atomic((q) => [q.mustHold(sql`1 = 0`)])).rejects.toBeInstanceOf(LostRace);
    await db.atomic((q) => [q.mustHold(sql`1 = 1`)]);
  });

  it("leaves nothing when a unique index refuses", async () => {
    db = open();
    const call = facts();
    const { outbox } = ledgerTables.of(db);
    const row = message(call.tenantId);
    await expect(
      db.atomic((q) => [q.insert(outbox).values(row), q.insert(outbox).values(row)]),
    ).rejects.toBeInstanceOf(UniqueViolation);
    expect(await outboxOf(call.tenantId)).toEqual([]);
  });

  it("answers an idempotency key once, replays it, and refuses another body", async () => {
    db = open();
    const { tenantId } = facts();
    const key = { tenantId, scope: "a user:1", key: "k", bodyHash: "h1", claimId: "req_1" };
    const ledger = idempotencyLedger(db, now);
    expect(await ledger.claim(key)).toEqual({ state: "claimed" });
    expect(await ledger.claim({ ...key, claimId: "req_2" })).toMatchObject({ state: "running" });
    await ledger.finish(key, 201, { id: "x" });
    expect(await ledger.claim({ ...key, claimId: "req_3" })).toEqual({
      state: "done",
      status: 201,
      response: { id: "x" },
    });
    expect(await ledger.claim({ ...key, bodyHash: "h2", claimId: "req_4" })).toEqual({
      state: "other_body",
    });
    expect(await ledger.claim({ ...key, tenantId: `${tenantId}x` })).toEqual({ state: "claimed" });
  });

  it("lets exactly one of many claim a key whose holder died", async () => {
    db = open();
    const { tenantId } = facts();
    const key = { tenantId, scope: "a user:1", key: "k", bodyHash: "h1", claimId: "dead" };
    await idempotencyLedger(db, now).claim(key);
    const later = idempotencyLedger(db, new Date(now.getTime() + 61_000));
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, i) => later.claim({ ...key, claimId: `clm_${i}` })),
    );
    expect(claims.filter(({ state }) => state === "claimed")).toHaveLength(1);
  });

  it("names the resource when the write was applied and its answer was lost", async () => {
    db = open();
    const call = { ...facts(), claimId: newId("clm", Date.now()) };
    const key = { tenantId: call.tenantId, scope: "a", key: "k", bodyHash: "h", claimId: call.claimId };
    const ledger = idempotencyLedger(db, now);
    await ledger.claim(key);
    await writeWithEvent(db, call, { entity: "thing:7" }, () => []);
    expect(await ledger.claim({ ...key, claimId: "req_meanwhile" })).toMatchObject({ state: "running" });
    await ledger.release(key);
    expect(await ledger.claim({ ...key, claimId: "req_again" })).toEqual({
      state: "applied",
      resource: "thing:7",
    });
    const { idempotency } = ledgerTables.of(db);
    const kept = await db
      .select()
      .from(idempotency)
      .where(and(eq(idempotency.tenantId, call.tenantId), eq(idempotency.key, "k")));
    expect(kept).toHaveLength(1);
  });

  it("doesn't take another write of the same request id for its own", async () => {
    db = open();
    const shared = { ...facts(), requestId: "same" };
    const one = { ...shared, claimId: newId("clm", Date.now()) };
    const two = { ...shared, claimId: newId("clm", Date.now()) };
    const ledger = idempotencyLedger(db, now);
    const keyOf = ({ tenantId, claimId }: typeof one) => ({
      ...{ tenantId, claimId },
      ...{ scope: "a", key: claimId, bodyHash: "h" },
    });
    await ledger.claim(keyOf(one));
    await ledger.claim(keyOf(two));
    await writeWithEvent(db, one, { entity: "thing:1" }, () => []);
    for (const call of [one, two]) await ledger.release(keyOf(call));
    expect(await ledger.claim({ ...keyOf(one), claimId: "again" })).toEqual({
      state: "applied",
      resource: "thing:1",
    });
    expect(await ledger.claim({ ...keyOf(two), claimId: "again" })).toEqual({ state: "claimed" });
  });
});
