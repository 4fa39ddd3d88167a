import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { and, asc, eq } from "drizzle-orm";
import { expect, it, vi } from "vitest";
import { relayOutbox } from "../../../durable-objects/ledger/relay-outbox.ts";
import { sealEvents } from "../../../durable-objects/ledger/seal-events.ts";
import { LedgerStore } from "../../../durable-objects/ledger/store.ts";
import { sweepLedgers } from "../../../durable-objects/ledger/sweep-ledgers.ts";
import { openSession, type Session } from "../../../src/context.ts";
import type { Db } from "../../../src/db/db.ts";
import { ledgerTables } from "../../../src/db/ledger-tables.ts";
import { writeWithEvent } from "../../../src/db/write.ts";
import type { OutboxMessage } from "../../../src/kernel/context.ts";
import { newId } from "../../../src/kernel/ids.ts";
import { chainHash, genesisHash } from "../../../src/modules/audit/chain.rules.ts";
import type { Env } from "../../../src/platform/env.ts";
import { ledgerOf, pokeLedger } from "../../../src/platform/objects.ts";
import type { OutboxDelivery } from "../../../src/reactions/outbox-handler.ts";
import { describeOnEachDatabase } from "../support/databases.ts";

const bindings = env as unknown as Env;
const newTenant = () => newId("ten", Date.now());
const silent = () => {};

function sessionOn(db: Db): Session {
  return { ...openSession(bindings, new Date(), () => {}), db };
}

async function write(db: Db, tenantId: string, n: number, outbox: OutboxMessage[] = [], now = new Date()) {
  const facts = { tenantId, actor: { kind: "user" as const, id: "usr_1" }, now };
  const call = { ...facts, action: "test.thing.create", requestId: newId("req", now), traceId: "t" };
  await writeWithEvent(db, call, { entity: `thing:${n}`, after: { n } }, () => [], outbox);
}

function eventsOf(db: Db, tenantId: string) {
  const { events } = ledgerTables.of(db);
  return db.select().from(events).where(eq(events.tenantId, tenantId)).orderBy(asc(events.seq));
}

function outboxOf(db: Db, tenantId: string) {
  const { outbox } = ledgerTables.of(db);
  return db.select().from(outbox).where(eq(outbox.tenantId, tenantId)).orderBy(asc(outbox.id));
}

describeOnEachDatabase("the ledger", (open) => {
  const withDb = async <T>(use: (db: Db) => Promise<T>): Promise<T> => {
    const db = open();
    try {
      return await use(db);
    } finally {
      await db.close();
    }
  };

  /** Seals inside the tenant's object; the answer of `use` must be plain. */
  const inLedger = <T>(tenantId: string, use: (db: Db, store: LedgerStore) => Promise<T>): Promise<T> =>
    runInDurableObject(ledgerOf(bindings, tenantId), (_, state) =>
      withDb((db) => use(db, new LedgerStore(state.storage))),
    );

  it("gives every event the next place and binds it to the one before", async () => {
    const tenantId = newTenant();
    await withDb(async (db) => {
      for (let n = 0; n < 3; n++) await write(db, tenantId, n);
    });
    const sealed = await inLedger(tenantId, (db, store) => sealEvents(db, tenantId, store));
    expect(sealed).toBe(3);
    const events = await withDb((db) => eventsOf(db, tenantId));
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    let hash = genesisHash;
    for (const event of events) {
      hash = chainHash(hash, event.digest);
      expect(event.chainHash).toBe(hash);
    }
    expect(await ledgerOf(bindings, tenantId).head()).toMatchObject({ seq: 3, hash, reserved: 3 });
  });

  it("repeats the same places after dying before or after the database was written", async () => {
    const tenantId = newTenant();
    await withDb(async (db) => {
      await write(db, tenantId, 1);
      await write(db, tenantId, 2);
    });
    const dies = (db: Db, when: "before" | "after"): Db => ({
      ...db,
      async atomic(build) {
        if (when === "after") await db.atomic(build);
        throw new Error("died");
      },
    });
    const head = { seq: 0, hash: genesisHash, reserved: 2 };
    for (const when of ["before", "after"] as const) {
      await inLedger(tenantId, (db, store) =>
        sealEvents(dies(db, when), tenantId, store).then(
          () => "sealed",
          () => "died",
        ),
      ).then((outcome) => expect(outcome).toBe("died"));
      await evictDurableObject(ledgerOf(bindings, tenantId));
      expect(await ledgerOf(bindings, tenantId).head()).toMatchObject(head);
    }
    await withDb((db) => write(db, tenantId, 3));
    expect(await inLedger(tenantId, (db, store) => sealEvents(db, tenantId, store))).toBe(2);
    expect(await inLedger(tenantId, (db, store) => sealEvents(db, tenantId, store))).toBe(1);
    expect((await withDb((db) => eventsOf(db, tenantId))).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(await ledgerOf(bindings, tenantId).head()).toMatchObject({ seq: 3, reserved: 3 });
  });

  it("gives nothing out when somebody else has written the next place", async () => {
    const tenantId = newTenant();
    await withDb(async (db) => {
      await write(db, tenantId, 1);
      const { events } = ledgerTables.of(db);
      await db.atomic((q) => [
        q.update(events).set({ seq: 1, chainHash: "forged" }).where(eq(events.tenantId, tenantId)),
      ]);
      await write(db, tenantId, 2);
    });
    const outcome = await inLedger(tenantId, (db, store) =>
      sealEvents(db, tenantId, store).catch((error: Error) => error.name),
    );
    expect(outcome).toBe("UniqueViolation");
    expect(await ledgerOf(bindings, tenantId).head()).toMatchObject({ seq: 0, reserved: 0 });
  });

  it("hands each due message to its topic, deletes what was sent and puts off what failed", async () => {
    const tenantId = newTenant();
    const later = new Date(Date.now() + 3600_000);
    await withDb((db) =>
      write(db, tenantId, 1, [
        { topic: "good", payload: { n: 1, 가: "나" } },
        { topic: "bad", payload: 2 },
        { topic: "nobody", payload: 3 },
        { topic: "good", payload: 4, availableAt: later },
      ]),
    );
    const sent: OutboxDelivery[] = [];
    const handlers = {
      async good(_: Session, delivery: OutboxDelivery) {
        sent.push(delivery);
      },
      async bad(): Promise<void> {
        throw new Error("refused with sk-12345678901234");
      },
    };
    const before = Date.now();
    await withDb(async (db) => {
      expect(await relayOutbox(sessionOn(db), tenantId, handlers, silent)).toBe(3);
      expect(await relayOutbox(sessionOn(db), tenantId, handlers, silent)).toBe(0);
    });
    expect(sent).toEqual([
      { id: expect.any(String), tenantId, topic: "good", payload: { n: 1, 가: "나" }, attempts: 0 },
    ]);
    const left = await withDb((db) => outboxOf(db, tenantId));
    expect(left.map(({ topic, attempts, lastError }) => ({ topic, attempts, lastError }))).toEqual(
      expect.arrayContaining([
        { topic: "bad", attempts: 1, lastError: "refused with [redacted]" },
        { topic: "nobody", attempts: 1, lastError: 'nobody takes the topic "nobody"' },
        { topic: "good", attempts: 0, lastError: null },
      ]),
    );
    for (const { topic, availableAt } of left) {
      if (topic !== "good") expect(availableAt.getTime()).toBeGreaterThanOrEqual(before + 200);
    }
  });

  it("sends again, with the same id, when it died before the message was deleted", async () => {
    const tenantId = newTenant();
    await withDb((db) => write(db, tenantId, 1, [{ topic: "good", payload: 1 }]));
    const ids: string[] = [];
    const handlers = {
      async good(_: Session, { id }: OutboxDelivery) {
        ids.push(id);
      },
    };
    await withDb(async (db) => {
      const dying: Db = { ...db, atomic: async () => Promise.reject(new Error("died")) };
      await expect(relayOutbox(sessionOn(dying), tenantId, handlers, silent)).rejects.toThrow("died");
      await relayOutbox(sessionOn(db), tenantId, handlers, silent);
    });
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1]);
    expect(await withDb((db) => outboxOf(db, tenantId))).toEqual([]);
  });

  it("hands on several messages at once, six at most", async () => {
    const tenantId = newTenant();
    const messages = Array.from({ length: 14 }, (_, payload) => ({ topic: "good", payload }));
    await withDb((db) => write(db, tenantId, 1, messages));
    let running = 0;
    let most = 0;
    const slow = async () => {
      running += 1;
      most = Math.max(most, running);
      await scheduler.wait(5);
      running -= 1;
    };
    expect(await withDb((db) => relayOutbox(sessionOn(db), tenantId, { good: slow }, silent))).toBe(14);
    expect(most).toBe(6);
    expect(await withDb((db) => outboxOf(db, tenantId))).toEqual([]);
  });
});

it("chains and relays by itself soon after a poke, and forgets its alarm when nothing waits", async () => {
  const tenantId = newTenant();
  const { db } = openSession(bindings, new Date(), () => {});
  for (let n = 0; n < 120; n++) await write(db, tenantId, n);
  await pokeLedger(bindings, tenantId);
  await vi.waitFor(
    async () => expect(await ledgerOf(bindings, tenantId).head()).toMatchObject({ seq: 120 }),
    10_000,
  );
  expect((await eventsOf(db, tenantId)).map(({ seq }) => seq)).toEqual(
    Array.from({ length: 120 }, (_, i) => i + 1),
  );
  await vi.waitFor(async () => {
    const alarm = await runInDurableObject(ledgerOf(bindings, tenantId), (_, state) =>
      state.storage.getAlarm(),
    );
    expect(alarm).toBeNull();
  }, 5_000);
});

it("sets its alarm to the next message that is due", async () => {
  const tenantId = newTenant();
  const { db } = openSession(bindings, new Date(), () => {});
  const availableAt = new Date(Date.now() + 7200_000);
  await write(db, tenantId, 1, [{ topic: "later", payload: 1, availableAt }]);
  await pokeLedger(bindings, tenantId);
  await vi.waitFor(async () => {
    const alarm = await runInDurableObject(ledgerOf(bindings, tenantId), (_, state) =>
      state.storage.getAlarm(),
    );
    expect(alarm).toBe(availableAt.getTime());
  }, 5_000);
});

it("is woken by the sweep when its poke was lost", async () => {
  const tenantId = newTenant();
  const { db } = openSession(bindings, new Date(), () => {});
  await write(db, tenantId, 1, [], new Date(Date.now() - 40_000));
  expect(await sweepLedgers(bindings, new Date())).toBeGreaterThanOrEqual(1);
  await vi.waitFor(
    async () => expect(await ledgerOf(bindings, tenantId).head()).toMatchObject({ seq: 1 }),
    5_000,
  );
  const { events } = ledgerTables.of(db);
  const [row] = await db
    .select()
    .from(events)
    .where(and(eq(events.tenantId, tenantId), eq(events.seq, 1)));
  expect(row?.chainHash).toMatch(/^[0-9a-f]{64}$/);
});
