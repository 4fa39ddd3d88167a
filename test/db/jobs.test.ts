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
    (await listJobs(db, tenantId, {}, 100)).map(({ id, state, status, lastEventSeq, job }) => ({
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
});
