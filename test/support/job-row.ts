import type { JobRow, JobSpec } from "../../src/modules/jobs/engine/job-row.ts";

/** A specification with plain values. */
export function aSpec(changes: Partial<JobSpec> = {}): JobSpec {
  return {
    tenantId: "t1",
    projectId: "p1",
    type: "EVALUATION",
    lane: "fast",
    payload: { kind: "inline", value: { n: 1 } },
    priority: 5,
    units: 1,
    chunkUnits: 25,
    maxParallel: 16,
    finalize: false,
    maxAttempts: 3,
    maxAgeMs: 86_400_000,
    maxRateWaitMs: 7_200_000,
    maxLeaseLosses: 3,
    requestedBy: "user_1",
    unitMicros: 0,
    ...changes,
  };
}

/** A row that waits in no queue. */
export function aJobRow(changes: Partial<JobRow> = {}): JobRow {
  return {
    id: "job_1",
    seq: 1,
    createdAt: 1_000,
    spec: aSpec(),
    state: "READY",
    reason: null,
    queue: null,
    rank: 0,
    due: null,
    runAt: 1_000,
    events: 0,
    lastEvent: 0,
    cursor: 0,
    nextChunk: 0,
    chunks: [],
    done: 0,
    failed: 0,
    skipped: 0,
    costMicros: 0,
    attempt: 0,
    startedAt: null,
    finishedAt: null,
    waitsFor: 0,
    hasDependents: false,
    hasChildren: false,
    serialSeq: 0,
    slot: false,
    rateSince: null,
    resultRef: null,
    error: null,
    deadUnits: [],
    log: [],
    lost: [],
    endToken: 0,
    ...changes,
  };
}
