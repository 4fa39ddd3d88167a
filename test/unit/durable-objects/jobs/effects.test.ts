import { describe, expect, it } from "vitest";
import { Effects, effectSteps } from "../../../../durable-objects/jobs/effects.ts";
import type { Effect, JobSnapshot } from "../../../../src/modules/jobs/engine/effects.ts";
import { snapshotOf } from "../../../../src/modules/jobs/engine/snapshot.ts";
import { aJobRow } from "../../../support/job-row.ts";
import { nodeSqlStorage } from "../../../support/node-sql-storage.ts";

const snapshot = (id: string, lastEventSeq: number): JobSnapshot => ({
  ...snapshotOf(aJobRow({ id })),
  lastEventSeq,
});
const index = (job: JobSnapshot): Effect => ({ kind: "index", key: `index:${job.id}`, job });
const permit: Effect = { kind: "permit", key: "p", tenantId: "t1", lane: "fast", count: 2 };

function effectsOver(jobs: Map<string, JobSnapshot>): Effects {
  return new Effects(nodeSqlStorage(effectSteps), (id) => jobs.get(id) ?? null);
}

describe("effects that wait to be sent", () => {
  it("come in order, with the state that a job has when they are sent", () => {
    const jobs = new Map([["job_1", snapshot("job_1", 1)]]);
    const effects = effectsOver(jobs);
    effects.add([index(snapshot("job_1", 1)), permit]);
    effects.add([index(snapshot("job_1", 2))]);
    jobs.set("job_1", snapshot("job_1", 2));
    expect(effects.pending(10)?.effects).toEqual([
      index(snapshot("job_1", 2)),
      permit,
      index(snapshot("job_1", 2)),
    ]);
  });

  it("leave out jobs that are gone", () => {
    const effects = effectsOver(new Map());
    effects.add([index(snapshot("job_1", 1)), { kind: "purged", key: "x", tenantId: "t1", jobId: "job_1" }]);
    expect(effects.pending(10)?.effects.map(({ kind }) => kind)).toEqual(["purged"]);
  });

  it("tell what the decision said, unless it was rolled back or is told again", () => {
    const read: string[] = [];
    const effects = new Effects(nodeSqlStorage(effectSteps), (id) => {
      read.push(id);
      return snapshot(id, 9);
    });
    effects.add([index(snapshot("job_1", 1))]);
    expect(effects.pending(10)?.effects).toEqual([index(snapshot("job_1", 1))]);
    expect(read).toEqual([]);
    expect(effects.pending(10)?.effects).toEqual([index(snapshot("job_1", 9))]);
    effects.add([index(snapshot("job_2", 1))]);
    effects.forget();
    expect(effects.pending(10)?.effects.at(-1)).toEqual(index(snapshot("job_2", 9)));
    expect(read).toEqual(["job_1", "job_1", "job_2"]);
  });

  it("stay until they are acknowledged, those that came meanwhile too", () => {
    const effects = effectsOver(new Map());
    expect(effects.last()).toBeNull();
    effects.add([]);
    expect(effects.last()).toBeNull();
    effects.add([permit]);
    const upTo = effects.pending(10)?.upTo ?? 0;
    effects.add([{ ...permit, key: "later" }]);
    expect(effects.pending(10, upTo)?.effects).toEqual([permit]);
    effects.acknowledge(upTo);
    expect(effects.pending(10, upTo)).toBeNull();
    expect(effects.pending(10)?.effects.map(({ key }) => key)).toEqual(["later"]);
    effects.acknowledge(effects.pending(10)?.upTo ?? 0);
    expect(effects.last()).toBeNull();
    effects.add([permit]);
    expect(effects.pending(10)?.effects).toEqual([permit]);
  });
});
