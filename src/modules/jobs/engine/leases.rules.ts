import { providerLimits } from "./gates.rules.ts";
import type { JobRow, Lease, OpenChunk } from "./job-row.ts";
import { budgetRefusal, reserveMoney, settleMoney } from "./money.rules.ts";
import { effectiveLimits, noteUse, waitForHeld, waitForWindows } from "./provider.rules.ts";
import { providerOf } from "./queue-key.ts";
import { unitsLeft } from "./steps.rules.ts";
import type { Work } from "./work.ts";

export const leaseMs = 60_000;
export const heartbeatMs = 20_000;
const lostKept = 20;

/** What a lease of the chunk would take. */
export interface Demand {
  readonly micros: number;
  readonly requests: number;
  readonly tokens: number;
}

export type Verdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: "budget" | "rate"; readonly until: number | null };

/** The demand of the job's next lease, before the chunk is cut. */
export function demandOf(job: JobRow): Demand {
  if (job.chunks.some((chunk) => chunk.kind === "finalize")) return { micros: 0, requests: 0, tokens: 0 };
  const back = job.chunks.find((chunk) => chunk.state === "pending");
  const units =
    back === undefined ? Math.min(job.spec.chunkUnits, job.spec.units - job.cursor) : unitsLeft(back);
  return {
    micros: job.spec.unitMicros * units,
    requests: job.spec.needs?.requests ?? 0,
    tokens: job.spec.needs?.tokens ?? 0,
  };
}

/** Whether budgets and the provider's windows allow it now. */
export function allows(
  work: Work,
  tenantId: string,
  projectId: string,
  provider: string,
  demand: Demand,
): Verdict {
  const refused = budgetRefusal(work, tenantId, projectId, demand.micros);
  if (refused !== null) return { ok: false, reason: "budget", until: refused };
  if (provider === "" || (demand.requests === 0 && demand.tokens === 0)) return { ok: true };
  const use = work.provider(tenantId, provider);
  const limits = providerLimits(work, tenantId, provider);
  const wait = waitForWindows(use, limits, work.now, demand.requests, demand.tokens);
  if (wait === 0) return { ok: true };
  return { ok: false, reason: "rate", until: wait === null ? null : work.now + wait };
}

/** Gives the chunk to a worker: takes the places, the reservation and the hold. */
export function grantLease(
  work: Work,
  job: JobRow,
  chunk: OpenChunk,
  workerId: string,
  demand: Demand,
): Lease {
  const { tenantId, projectId } = job.spec;
  work.hot.token += 1;
  work.tenant(tenantId).inFlight += 1;
  work.project(tenantId, projectId).inFlight += 1;
  reserveMoney(work, tenantId, projectId, demand.micros);
  let heldRequests = 0;
  let heldTokens = 0;
  const provider = chunk.kind === "finalize" ? "" : providerOf(job);
  if (provider !== "") {
    const use = work.provider(tenantId, provider);
    const limits = effectiveLimits(use, providerLimits(work, tenantId, provider), work.now);
    heldRequests = Math.min(demand.requests, limits.requests);
    heldTokens = Math.min(demand.tokens, limits.tokens);
    use.inFlight += 1;
    use.heldRequests += heldRequests;
    use.heldTokens += heldTokens;
  }
  const lease: Lease = {
    token: work.hot.token,
    workerId,
    at: work.now,
    until: work.now + leaseMs,
    costMicros: 0,
    reservedMicros: demand.micros,
    heldRequests,
    heldTokens,
    takenRequests: 0,
    takenTokens: 0,
  };
  chunk.state = "leased";
  chunk.lease = lease;
  delete chunk.wait;
  work.touch(job);
  return lease;
}

/** Books the cost that a lease has reported; it never falls. Returns what was new. */
export function reportCost(
  work: Work,
  job: JobRow,
  chunk: OpenChunk,
  lease: Lease,
  costMicros?: number,
): number {
  const spent = Math.max(0, (costMicros ?? 0) - lease.costMicros);
  if (spent === 0) return 0;
  const released = Math.min(lease.reservedMicros, spent);
  lease.costMicros += spent;
  lease.reservedMicros -= released;
  chunk.costMicros += spent;
  job.costMicros += spent;
  settleMoney(work, job.spec.tenantId, job.spec.projectId, spent, released);
  work.touch(job);
  return spent;
}

/**
 * Takes what a call needs from the lease's hold first, then from the free part of the windows: 0 when taken,
 * otherwise the milliseconds to wait. Nothing is taken when it doesn't fit whole.
 */
export function takeFromProvider(
  work: Work,
  job: JobRow,
  lease: Lease,
  requests: number,
  tokens: number,
): number {
  const provider = providerOf(job);
  if (provider === "") return 0;
  const { tenantId } = job.spec;
  const use = work.provider(tenantId, provider);
  const limits = providerLimits(work, tenantId, provider);
  const fromHold = {
    requests: Math.min(lease.heldRequests, requests),
    tokens: Math.min(lease.heldTokens, tokens),
  };
  const rest = { requests: requests - fromHold.requests, tokens: tokens - fromHold.tokens };
  const wait = waitForWindows(use, limits, work.now, rest.requests, rest.tokens);
  const shrunk = waitForHeld(use, limits, work.now, requests, tokens);
  const quiet = Math.max(0, use.quietUntil - work.now);
  if (quiet > 0 || shrunk > 0 || wait !== 0) return Math.max(quiet, shrunk, wait ?? 1000);
  moveHold(work, job, lease, fromHold.requests, fromHold.tokens);
  noteUse(use, work.now, requests, tokens);
  lease.takenRequests += requests;
  lease.takenTokens += tokens;
  return 0;
}

/** Notes real use beyond what was taken, so that an estimate that was too low is made up for. */
export function settleUse(
  work: Work,
  job: JobRow,
  lease: Lease,
  usage: { readonly requests: number; readonly tokens: number } | undefined,
): void {
  const provider = providerOf(job);
  if (usage === undefined || provider === "") return;
  const requests = Math.max(0, usage.requests - lease.takenRequests);
  const tokens = Math.max(0, usage.tokens - lease.takenTokens);
  if (requests === 0 && tokens === 0) return;
  moveHold(work, job, lease, Math.min(lease.heldRequests, requests), Math.min(lease.heldTokens, tokens));
  noteUse(work.provider(job.spec.tenantId, provider), work.now, requests, tokens);
  lease.takenRequests += requests;
  lease.takenTokens += tokens;
  work.touch(job);
}

/** Gives everything back that the lease held. The chunk is left without a lease; the caller says what becomes of it. */
export function endLease(work: Work, job: JobRow, chunk: OpenChunk, taken: "returned" | "taken away"): void {
  const { lease } = chunk;
  if (lease === undefined) return;
  const { tenantId, projectId } = job.spec;
  work.tenant(tenantId).inFlight -= 1;
  work.project(tenantId, projectId).inFlight -= 1;
  settleMoney(work, tenantId, projectId, 0, lease.reservedMicros);
  const provider = chunk.kind === "finalize" ? "" : providerOf(job);
  if (provider !== "") {
    moveHold(work, job, lease, lease.heldRequests, lease.heldTokens);
    work.provider(tenantId, provider).inFlight -= 1;
  }
  if (taken === "taken away") {
    job.lost.push({ token: lease.token, costMicros: lease.costMicros });
    if (job.lost.length > lostKept) job.lost.shift();
  }
  delete chunk.lease;
  chunk.state = "pending";
  work.touch(job);
}

function moveHold(work: Work, job: JobRow, lease: Lease, requests: number, tokens: number): void {
  if (requests === 0 && tokens === 0) return;
  const use = work.provider(job.spec.tenantId, providerOf(job));
  lease.heldRequests -= requests;
  lease.heldTokens -= tokens;
  use.heldRequests -= requests;
  use.heldTokens -= tokens;
  work.touch(job);
}
