import { afterEach, beforeEach, expect, it } from "vitest";
import type { Db } from "../../src/db/db.ts";
import { newId } from "../../src/kernel/ids.ts";
import type { JobSnapshot } from "../../src/modules/jobs/engine/effects.ts";
import { snapshotOf } from "../../src/modules/jobs/engine/snapshot.ts";
import { relayEffects } from "../../src/modules/jobs/relay-effects.ts";
import { jobsPerUpsert, listJobs, upsertJobs } from "../../src/modules/jobs/store.ts";
import { aJobRow, aSpec } from "../support/job-row.ts";
import { describeOnEachDatabase } from "../workers/support/databases.ts";

describeOnEachDatabase("the read model of jobs", (open) => {
  let db: Db;
  const tenantId = newId("ten", Date.now());
  beforeEach(() => {
    db = open();
  });
  afterEach(() => db.close());

  const snapshot = (id: string, changes: Partial<JobSnapshot> = {}): JobSnapshot => ({
    ...snapshotOf(aJobRow({ id, spec: aSpec({ tenantId }) })),
    ...changes,
  });
  const listed = async () =>
    (await listJobs(db, tenantId, {}, 300)).map(({ id, state, status, lastEventSeq, job }) => ({
      id,
      state,
      status,
      lastEventSeq,
      same: job.state === state,
    }));

  it("takes later snapshots of several jobs in one statement and leaves the others alone", async () => {
    const ids = Array.from({ length: jobsPerUpsert }, (_, i) => `${tenantId}_job${i}`);
    await db.atomic((q) => [
      upsertJobs(
        q,
        ids.map((id) => snapshot(id, { lastEventSeq: 2 })),
      ),
    ]);
    const next = ids.map((id, i) =>
      snapshot(id, { lastEventSeq: i % 2 === 0 ? 1 : 3, state: "SUCCEEDED", status: "SUCCEEDED" }),
    );
    await db.atomic((q) => [upsertJobs(q, next)]);
    const rows = await listed();
    expect(rows).toHaveLength(ids.length);
    for (const { id, state, lastEventSeq, same } of rows) {
      const isLater = ids.indexOf(id) % 2 === 1;
      expect({ state, lastEventSeq, same }).toEqual(
        isLater
          ? { state: "SUCCEEDED", lastEventSeq: 3, same: true }
          : { state: "READY", lastEventSeq: 2, same: true },
      );
    }
  });

  it("takes the last of several snapshots of a job that are sent together", async () => {
    const id = `${tenantId}_twice`;
    const states = ["READY", "LEASED", "SUCCEEDED"] as const;
    const effects = states.map((state, i) => ({
      kind: "index" as const,
      key: `${i}`,
      job: snapshot(id, { state, lastEventSeq: i + 1 }),
    }));
    await relayEffects(db, tenantId, effects, new Date());
    expect((await listed()).find((row) => row.id === id)).toMatchObject({
      state: "SUCCEEDED",
      lastEventSeq: 3,
    });
  });

  it("keeps what a snapshot says to the letter, as one statement a row would", async () => {
    const id = `${tenantId}_said`;
    const said = snapshot(id, {
      error: { code: "a.b", message: "따옴표 \" and \\ and '; drop table jobs; -- $1 ? \n" },
      labels: { clé: "값", null: "null" },
      deadUnits: [0, 4_000_000_000],
      costMicros: 9_007_199_254_740_991,
      createdAt: Date.UTC(2026, 10, 21, 1, 2, 3, 456),
    });
    await db.atomic((q) => [upsertJobs(q, [said])]);
    const row = (await listJobs(db, tenantId, {}, 300)).find((job) => job.id === id);
    expect(row?.job).toEqual(said);
    expect(row?.createdAt.getTime()).toBe(said.createdAt);
    expect(row?.costMicros).toBe(said.costMicros);
  });

  it("takes a NUL character that PostgreSQL has no place for", async () => {
    const id = `${tenantId}_nul`;
    const error = { code: "a.b", message: "before\0after" };
    await db.atomic((q) => [upsertJobs(q, [snapshot(id, { error })])]);
    const row = (await listJobs(db, tenantId, {}, 300)).find((job) => job.id === id);
    expect(row?.job.error?.message).toMatch(/^before(\0|\ufffd)after$/);
  });
});
