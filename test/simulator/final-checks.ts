import type { MemoryJobStore } from "../../src/modules/jobs/engine/memory-store.ts";
import { viewJob } from "../../src/modules/jobs/engine/reading.ts";
import { progressOf } from "../../src/modules/jobs/engine/snapshot.ts";
import { isFinal } from "../../src/modules/jobs/engine/transitions.rules.ts";
import { checkCounters } from "./counter-checks.ts";
import { Violation } from "./violation.ts";

/** Everything that must hold when the world has come to rest. */
export function checkEnd(store: MemoryJobStore, acceptedIds: readonly string[]): void {
  checkCounters(store);
  for (const id of acceptedIds) {
    const job = store.findJob(id);
    if (job === undefined) throw new Violation(`${id} was accepted and is gone`);
    if (!isFinal(job.state))
      throw new Violation(`${id} was accepted and is ${job.state} (${job.reason}) at the end`);
    if (job.chunks.length > 0 || job.queue !== null) throw new Violation(`${id} has ended and has work left`);
    if (viewJob(store, job.spec.tenantId, id)?.state !== job.state)
      throw new Violation(`${id} is shown wrongly`);
    const { total, done, failed, skipped } = progressOf(job);
    if (job.state === "SUCCEEDED" && done + failed + skipped !== total) {
      throw new Violation(`${id} succeeded with ${done}+${failed}+${skipped} of ${total} units`);
    }
  }
  checkReplay(store);
}

interface Replayed {
  state: unknown;
  reason: unknown;
  progress: unknown;
  costMicros: unknown;
  resultRef: unknown;
  error: unknown;
}

/** The event log alone gives the public state of every job. */
function checkReplay(store: MemoryJobStore): void {
  const jobs = new Map<string, Replayed>();
  let last = 0;
  for (const event of store.eventsFrom(0, 1_000_000)) {
    if (event.seq !== last + 1) throw new Violation(`event ${event.seq} follows ${last} in the log`);
    last = event.seq;
    const empty = { state: null, reason: null, progress: null, costMicros: 0, resultRef: null, error: null };
    const job = jobs.get(event.jobId) ?? empty;
    for (const field of ["state", "reason", "progress", "costMicros", "resultRef", "error"] as const) {
      if (field in event.data) job[field] = event.data[field];
    }
    jobs.set(event.jobId, job);
  }
  if (last !== store.readHot().eventSeq) throw new Violation(`the log ends at ${last}`);
  for (const id of store.allJobIds()) {
    const job = store.findJob(id);
    const replayed = jobs.get(id);
    if (job === undefined) continue;
    const { state, reason, costMicros, resultRef, error } = job;
    const kept = JSON.stringify({ state, reason, progress: progressOf(job), costMicros, resultRef, error });
    const again = JSON.stringify(replayed);
    if (kept !== again) throw new Violation(`${id} is ${kept}, its events say ${again}`);
  }
}
