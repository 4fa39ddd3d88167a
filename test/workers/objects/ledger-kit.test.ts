import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { Alarms } from "../../../durable-objects/kit/alarms.ts";
import { migrate } from "../../../durable-objects/kit/migrate.ts";
import { newId } from "../../../src/kernel/ids.ts";
import type { Env } from "../../../src/platform/env.ts";
import { ledgerOf } from "../../../src/platform/objects.ts";

const bindings = env as unknown as Env;
const inStorage = <T>(use: (storage: DurableObjectStorage) => T | Promise<T>): Promise<T> =>
  runInDurableObject(ledgerOf(bindings, newId("ten", Date.now())), (_, state) => use(state.storage));

const steps = [
  "create table a (n integer); insert into a values (1)",
  "alter table a add column m integer default 2",
];

it("applies each step of a schema once, also when steps are added later", async () => {
  const rows = await inStorage((storage) => {
    migrate(storage, steps.slice(0, 1), "test");
    migrate(storage, steps, "test");
    migrate(storage, steps, "test");
    return storage.sql.exec("select n, m from a").toArray();
  });
  expect(rows).toEqual([{ n: 1, m: 2 }]);
});

it("refuses a step that was rewritten after it ran, and lets an earlier release run on a later schema", async () => {
  const outcome = await inStorage((storage) => {
    migrate(storage, steps, "test");
    migrate(storage, steps.slice(0, 1), "test");
    try {
      migrate(storage, [`${steps[0]} `, ...steps.slice(1)], "test");
      return "accepted";
    } catch (error) {
      return String(error);
    }
  });
  expect(outcome).toContain('step 0 of the "test" schema was rewritten');
});

it("leaves nothing of a step that fails", async () => {
  const tables = await inStorage((storage) => {
    try {
      migrate(storage, ["create table b (n integer); insert into nowhere values (1)"], "test");
    } catch {}
    return storage.sql.exec("select name from sqlite_schema where name = 'b'").toArray();
  });
  expect(tables).toEqual([]);
});

it("keeps a reason that was asked for while it was handled, and parks what it takes", async () => {
  const now = Date.now() + 3600_000;
  const seen = await inStorage(async (storage) => {
    const alarms = new Alarms(storage);
    alarms.set("seal", now);
    alarms.set("later", now + 5000);
    const taken = alarms.take(now);
    const parked = alarms.all();
    alarms.sooner("seal", now + 1);
    for (const due of taken) alarms.succeeded(due, undefined);
    const kept = alarms.all();
    await alarms.arm();
    const armed = await storage.getAlarm();
    for (const reason of ["seal", "later"]) alarms.clear(reason);
    await alarms.arm();
    return { taken, parked, kept, armed, empty: await storage.getAlarm() };
  });
  expect(seen.taken.map(({ reason }) => reason)).toEqual(["seal"]);
  expect(seen.parked.find(({ reason }) => reason === "seal")?.at).toBe(now + 60_000);
  expect(seen.kept).toEqual(
    expect.arrayContaining([
      { reason: "seal", at: now + 1, failures: 0 },
      { reason: "later", at: now + 5000, failures: 0 },
    ]),
  );
  expect(seen.armed).toBe(now + 1);
  expect(seen.empty).toBeNull();
});
