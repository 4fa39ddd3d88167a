import { afterEach, beforeEach, expect, it } from "vitest";
import type { Db } from "../../src/db/db.ts";
import type { BlobPort } from "../../src/kernel/ports/blob.ts";
import { intakeKey } from "../../src/modules/sources/history/intake-key.rules.ts";
import { createSource } from "../../src/modules/sources/operations/create-source.ts";
import { deleteSource } from "../../src/modules/sources/operations/delete-source.ts";
import { getIntake } from "../../src/modules/sources/operations/get-intake.ts";
import { getSource } from "../../src/modules/sources/operations/get-source.ts";
import { listSetAside } from "../../src/modules/sources/operations/list-set-aside.ts";
import { listSources } from "../../src/modules/sources/operations/list-sources.ts";
import { replaySetAside } from "../../src/modules/sources/operations/replay-set-aside.ts";
import { rotateSourceSecret } from "../../src/modules/sources/operations/rotate-source-secret.ts";
import { updateSource } from "../../src/modules/sources/operations/update-source.ts";
import {
  addCounts,
  findSetAside,
  findSource,
  findSourceByAddress,
  insertSetAside,
  listSourceTypes,
  replaceSource,
  stampReplay,
} from "../../src/modules/sources/store.ts";
import { sweepIntake } from "../../src/modules/sources/sweep-intake.ts";
import type { SetAsideRow } from "../../src/modules/sources/tables.ts";
import { memoryBlobs } from "../../src/platform/blob/memory.ts";
import { caller, refusalOf } from "../workers/support/caller.ts";
import { describeOnEachDatabase } from "../workers/support/databases.ts";

const hour = 3_600_000;
const day = 24 * hour;

/** Lists one object a page, as a bucket does with a thousand. */
function inPages(blobs: BlobPort): BlobPort {
  const list = async (prefix: string, cursor?: string) => {
    const { items } = await blobs.list(prefix);
    const [first, second] = items.filter(({ key }) => cursor === undefined || key > cursor);
    return { items: first ? [first] : [], ...(first && second ? { cursor: first.key } : {}) };
  };
  return { ...blobs, list };
}

describeOnEachDatabase("sources", (open) => {
  let db: Db;
  let me: ReturnType<typeof caller>;
  beforeEach(() => {
    db = open();
    me = caller(db);
  });
  afterEach(() => db.close());

  const make = (name: string, more: object = {}) =>
    me.call(createSource, { name, kind: "cloudevents", ...more });

  function aside(sourceId: string, id: string, at: Date): SetAsideRow {
    const facts = { eventId: null, eventType: null, detail: "not JSON", errors: [], blobKey: null, bytes: 1 };
    return { tenantId: me.tenantId, sourceId, id, at, reason: "malformed", ...facts, replayedAt: null };
  }

  it("keeps every field of a source, and its tokens as hashes only", async () => {
    const types = { cpu: { type: "object", properties: { cpu: { type: "integer" } } } };
    const limits = {
      requestsPerMinute: 5,
      maxBodyBytes: 2048,
      maxPastMs: 1,
      maxFutureMs: 2,
      retentionDays: 3,
    };
    const fields = { delivery: "queued", types, limits, allowedOrigins: ["a.example"] };
    const { token, ...made } = await make("호스트", fields);
    expect(made).toMatchObject({ name: "호스트", proof: "token", status: "active", version: 1, ...fields });
    expect(await me.call(getSource, { id: made.id })).toEqual(made);
    const row = await findSourceByAddress(db, made.id);
    expect(JSON.stringify(row)).not.toContain(token);
    expect(JSON.stringify(await me.events())).not.toContain(token);
    expect(await refusalOf(make("호스트"))).toMatchObject({ kind: "conflict", code: "sources.name_taken" });
  });

  it("refuses a stale edit, and leaves neither row nor event of a lost race", async () => {
    const { id } = await make("hosts");
    const changed = await me.call(updateSource, { id, name: "machines" }, { expectedVersion: 1 });
    expect(changed).toMatchObject({ name: "machines", version: 2 });
    const stale = me.call(updateSource, { id, name: "late" }, { expectedVersion: 1 });
    expect(await refusalOf(stale)).toMatchObject({ kind: "precondition_failed" });
    const row = await findSource(db, me.tenantId, id);
    if (!row) throw new Error("it is gone");
    const ctx = me.ctxOf("sources.source.update");
    const lost = ctx.write({ entity: `source:${id}` }, (q) =>
      replaceSource(q, { ...row, name: "lost", version: 2, writeId: "wr_lost" }, 1),
    );
    expect(await refusalOf(lost)).toMatchObject({ kind: "conflict" });
    expect((await me.call(getSource, { id })).name).toBe("machines");
    expect((await me.events()).map(({ action }) => action)).toEqual([
      "sources.source.create",
      "sources.source.update",
    ]);
  });

  it("renews the token of an address, and keeps the one before for the overlap", async () => {
    const { id, token } = await make("hosts");
    const renewed = await me.call(rotateSourceSecret, { id, overlapHours: 1 });
    expect(renewed.token).not.toBe(token);
    const { tokens } = (await findSource(db, me.tenantId, id)) ?? {};
    expect(Date.parse(tokens?.before?.until ?? "")).toBeGreaterThan(Date.now());
  });

  it("lists what was set aside by reason and page, and lets it be stamped once", async () => {
    const { id } = await make("hosts");
    const at = (n: number) => new Date(1_700_000_000_000 + n);
    const rows = [1, 2, 3].map((n) => aside(id, `aside_${me.tenantId}_${n}`, at(n)));
    const late = { ...aside(id, `aside_${me.tenantId}_4`, at(4)), reason: "late" as const };
    await db.atomic((q) => insertSetAside(q, [...rows, late]));
    await db.atomic((q) => insertSetAside(q, rows));
    const first = await me.call(listSetAside, { id, reason: "malformed", limit: 2 });
    const rest = await me.call(listSetAside, {
      id,
      reason: "malformed",
      limit: 2,
      cursor: first.nextCursor ?? undefined,
    });
    expect([...first.items, ...rest.items].map((row) => row.id.at(-1))).toEqual(["3", "2", "1"]);
    const row = await findSetAside(db, me.tenantId, id, late.id);
    if (!row) throw new Error("it is gone");
    await db.atomic((q) => stampReplay(q, row, at(9)));
    await expect(db.atomic((q) => stampReplay(q, row, at(10)))).rejects.toThrow();
    const again = me.call(replaySetAside, { id, setAsideId: late.id });
    expect(await refusalOf(again)).toMatchObject({ kind: "conflict", code: "sources.replayed" });
  });

  it("adds counts up by minute and outcome", async () => {
    const { id } = await make("hosts");
    const minute = new Date(Math.floor(Date.now() / 60_000) * 60_000);
    const row = { tenantId: me.tenantId, sourceId: id, minute, outcome: "accepted", count: 2 };
    await db.atomic((q) => addCounts(q, [row, { ...row, outcome: "late", count: 1 }]));
    await db.atomic((q) => addCounts(q, [row]));
    const { minutes } = await me.call(getIntake, { id });
    expect(minutes.map(({ outcome, count }) => [outcome, count])).toEqual([
      ["accepted", 4],
      ["late", 1],
    ]);
  });

  it("shows a tenant nothing of another's, and deletes with a source what was counted and set aside", async () => {
    const { id } = await make("hosts", { types: { cpu: {} } });
    const other = caller(db);
    for (const hidden of [
      other.call(getSource, { id }),
      other.call(deleteSource, { id }),
      other.call(listSetAside, { id }),
    ])
      expect(await refusalOf(hidden)).toMatchObject({ kind: "not_found" });
    expect(await listSourceTypes(db, other.tenantId, [id])).toEqual([]);
    expect(await listSourceTypes(db, me.tenantId, [id, "src_none"])).toEqual([{ cpu: {} }]);
    expect((await other.call(listSources, {})).items).toEqual([]);
    const row = aside(id, `aside_${me.tenantId}`, new Date());
    await db.atomic((q) => insertSetAside(q, [row]));
    await me.call(deleteSource, { id });
    expect(await findSetAside(db, me.tenantId, id, row.id)).toBeUndefined();
  });

  it("sweeps what is past the retention of its source, and rows that are too old", async () => {
    const brief = await make("brief", { limits: { retentionDays: 1 } });
    const long = await make("long", { limits: { retentionDays: 30 } });
    const now = new Date(Math.floor(Date.now() / hour) * hour + 7 * 60_000);
    const blobs = inPages(memoryBlobs());
    const put = async (sourceId: string, age: number, folder: "events" | "polls" = "events") => {
      const key = intakeKey(me.tenantId, folder, { at: now.getTime() - age, sourceId }, "in_1.ndjson");
      await blobs.put(key, "{}\n");
      return key;
    };
    const gone = [
      await put(brief.id, 2 * day),
      await put(long.id, 31 * day),
      await put("src_deleted", 31 * day),
      await put("poll_rl_1_ab", 31 * day, "polls"),
    ];
    const stays = [
      await put(brief.id, day - hour),
      await put(long.id, 29 * day),
      await put(long.id, 2 * day),
      await put("poll_rl_1_ab", 29 * day, "polls"),
    ];
    const laterToday = await put(brief.id, 2 * day - 5 * hour);
    const old = aside(brief.id, `aside_${me.tenantId}`, new Date(now.getTime() - 91 * day));
    await db.atomic((q) => insertSetAside(q, [old]));
    await sweepIntake(db, blobs, [me.tenantId], now);
    for (const key of gone) expect(await blobs.head(key), key).toBeNull();
    for (const key of [...stays, laterToday]) expect(await blobs.head(key), key).not.toBeNull();
    expect(await findSetAside(db, me.tenantId, brief.id, old.id)).toBeUndefined();
    await sweepIntake(db, blobs, [me.tenantId], new Date(now.getTime() + 5 * hour));
    expect(await blobs.head(laterToday)).toBeNull();
    for (const key of stays.slice(1)) expect(await blobs.head(key), key).not.toBeNull();
  });
});
