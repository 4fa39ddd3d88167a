import type { JobRow } from "../../src/modules/jobs/engine/job-row.ts";
import type { MemoryJobStore } from "../../src/modules/jobs/engine/memory-store.ts";
import { claimableSteps } from "../../src/modules/jobs/engine/steps.rules.ts";
import { Violation } from "./violation.ts";

/** The counters that decisions rely on, against the rows that they stand for. */
export function checkCounters(store: MemoryJobStore): void {
  const hot = store.readHot();
  const jobs = store.allJobIds().flatMap((id) => store.findJob(id) ?? []);
  const expected = new Map<string, number>();
  const add = (key: string, amount: number) => expected.set(key, (expected.get(key) ?? 0) + amount);
  for (const job of jobs) countJob(job, add);
  const actual = new Map<string, number>();
  for (const [key, flow] of Object.entries(hot.tenants)) {
    actual.set(`tenant ${key}`, flow.inFlight);
    if (flow.budget !== undefined) actual.set(`reserved ${key}`, flow.budget.reserved);
  }
  for (const [key, flow] of Object.entries(hot.projects)) actual.set(`project ${key}`, flow.inFlight);
  for (const [key, use] of Object.entries(hot.providers)) {
    actual.set(`provider ${key}`, use.inFlight);
    actual.set(`held ${key}`, use.heldRequests);
    actual.set(`held tokens ${key}`, use.heldTokens);
  }
  for (const [key, use] of Object.entries(hot.queues)) {
    actual.set(`jobs ${key}`, use.jobs);
    actual.set(`steps ${key}`, use.steps);
  }
  for (const key of new Set([...expected.keys(), ...actual.keys()])) {
    const [counted, kept] = [expected.get(key) ?? 0, actual.get(key) ?? 0];
    if (!key.startsWith("key ") && counted !== kept)
      throw new Violation(`${key}: kept ${kept}, counted ${counted}`);
  }
  checkKeys(store, jobs, expected);
}

function countJob(job: JobRow, add: (key: string, amount: number) => void): void {
  const { tenantId, projectId, needs, concurrencyKey } = job.spec;
  for (const { lease, kind } of job.chunks) {
    if (lease === undefined) continue;
    add(`tenant ${tenantId}`, 1);
    add(`project ${tenantId}|${projectId}`, 1);
    if (job.spec.unitMicros > 0) add(`reserved ${tenantId}`, lease.reservedMicros);
    if (needs === undefined || kind === "finalize") continue;
    add(`provider ${tenantId}|${needs.provider}`, 1);
    add(`held ${tenantId}|${needs.provider}`, lease.heldRequests);
    add(`held tokens ${tenantId}|${needs.provider}`, lease.heldTokens);
  }
  if (job.queue?.startsWith("q|") === true) {
    add(`jobs ${job.queue}`, 1);
    add(`steps ${job.queue}`, claimableSteps(job));
  }
  if (concurrencyKey === undefined) return;
  const key = `key ${tenantId}|${concurrencyKey}`;
  add(`${key} admitted`, job.slot ? 1 : 0);
  add(`${key} running`, job.state === "LEASED" || job.state === "CANCELLING" ? 1 : 0);
  add(`${key} parked`, job.queue?.startsWith("k|") === true ? 1 : 0);
}

function checkKeys(
  store: MemoryJobStore,
  jobs: readonly JobRow[],
  expected: ReadonlyMap<string, number>,
): void {
  const names = new Set(
    jobs.flatMap(({ spec }) =>
      spec.concurrencyKey === undefined ? [] : [`${spec.tenantId}|${spec.concurrencyKey}`],
    ),
  );
  for (const name of names) {
    const use = store.findKey(name) ?? { admitted: 0, running: 0, parked: 0 };
    for (const field of ["admitted", "running", "parked"] as const) {
      const counted = expected.get(`key ${name} ${field}`) ?? 0;
      if (use[field] !== counted)
        throw new Violation(`key ${name} ${field}: kept ${use[field]}, counted ${counted}`);
    }
  }
}
