import { describe, expect, it } from "vitest";
import { bodyText, rowOf } from "../../../../durable-objects/jobs/row-text.ts";
import type { JobRow } from "../../../../src/modules/jobs/engine/job-row.ts";
import { aJobRow } from "../../../support/job-row.ts";

function again(job: JobRow): JobRow {
  const { id, seq, spec, queue, rank, due } = job;
  return rowOf({ id, seq, spec, queue, rank, due }, bodyText(job));
}

describe("the text of a job's row", () => {
  it("keeps a job that nothing has happened to", () => {
    expect(again(aJobRow())).toEqual(aJobRow());
  });

  it("keeps every field of a job that much has happened to", () => {
    const job = aJobRow({
      state: "CANCELLING",
      reason: "asked",
      queue: "q|fast|t1|p1||",
      rank: -5,
      due: 9_000,
      runAt: 2_000,
      events: 7,
      lastEvent: 70,
      cursor: 3,
      nextChunk: 2,
      chunks: [
        {
          index: 1,
          kind: "work",
          from: 0,
          to: 3,
          marks: ".d.",
          state: "waiting",
          attempt: 1,
          losses: 2,
          suspect: true,
          refs: ["r1"],
          costMicros: 4,
          wait: { until: 9_000, why: "retry" },
        },
      ],
      done: 1,
      failed: 2,
      skipped: 3,
      costMicros: 4,
      attempt: 2,
      startedAt: 3_000,
      finishedAt: 4_000,
      waitsFor: 1,
      hasDependents: true,
      hasChildren: true,
      serialSeq: 6,
      slot: true,
      rateSince: 5_000,
      resultRef: "ref",
      error: { code: "x.y", message: "why" },
      deadUnits: [2],
      log: [{ at: 1, chunk: 1, attempt: 1, workerId: "w", code: "c", message: "m" }],
      lost: [{ token: 8, costMicros: 1 }],
      endToken: 9,
      behind: "job_0",
      cancel: { at: 1, by: "user:1", reason: "asked" },
      redrivenAs: "job_2",
      edits: { priority: 1 },
    });
    expect(again(job)).toEqual(job);
  });
});
