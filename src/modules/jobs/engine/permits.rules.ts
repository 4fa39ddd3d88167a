import { projectRoom, providerRoom, tenantRoom } from "./gates.rules.ts";
import { flowKeyOf, queuePartsOf } from "./queue-key.ts";
import type { Work } from "./work.ts";

/** A permit that hasn't come back by then is taken for lost. */
export const permitLifeMs = 60_000;
const maxPermits = 100;
/** Permits issued within this time are kept as one entry. */
const mergeMs = 5_000;

/** Takes the permits that a claim came with off those outstanding, the oldest first. */
export function consumePermits(work: Work, lane: string, used: Readonly<Record<string, number>>): void {
  for (const [tenantId, count] of Object.entries(used)) {
    const entries = work.hot.permits[flowKeyOf(tenantId, lane)];
    if (entries === undefined) continue;
    let left = count;
    for (const entry of entries) {
      const taken = Math.min(left, entry[1]);
      entry[1] -= taken;
      left -= taken;
    }
    keep(work, flowKeyOf(tenantId, lane), entries);
  }
}

/** Forgets permits that are too old, so that new ones are issued for work that still waits. */
export function expirePermits(work: Work): void {
  for (const [key, entries] of Object.entries(work.hot.permits)) {
    keep(
      work,
      key,
      entries.filter(([at]) => at > work.now - permitLifeMs),
    );
  }
}

function keep(work: Work, key: string, entries: readonly [number, number][]): void {
  const left = entries.filter(([, count]) => count > 0);
  if (left.length === 0) delete work.hot.permits[key];
  else work.hot.permits[key] = left;
}

/**
 * Issues permits for work that could start now: never more outstanding than leases that could be given, and only when
 * half of them have been used up, so that a busy lane doesn't send one message for each job.
 */
export function issuePermits(work: Work): void {
  for (const [key, { tenantId, lane, steps }] of runnable(work)) {
    const limit = work.config.tenants[tenantId]?.maxPermits ?? maxPermits;
    const wanted = Math.min(steps, tenantRoom(work, tenantId), limit);
    const entries = work.hot.permits[key] ?? [];
    const outstanding = entries.reduce((sum, [, count]) => sum + count, 0);
    if (wanted <= outstanding || outstanding > wanted / 2) continue;
    const count = wanted - outstanding;
    const last = entries.at(-1);
    if (last !== undefined && work.now - last[0] >= 0 && work.now - last[0] < mergeMs) last[1] += count;
    else entries.push([work.now, count]);
    work.hot.permits[key] = entries;
    work.hot.permitSeq += 1;
    work.effects.push({
      kind: "permit",
      key: `permit:${key}:${work.hot.permitSeq}`,
      tenantId,
      lane,
      count,
    });
  }
}

/** Leases that could be given now, by tenant and lane: steps in open queues, within projects and providers. */
export function runnable(work: Work): Map<string, { tenantId: string; lane: string; steps: number }> {
  const projects = new Map<string, number>();
  const providers = new Map<string, number>();
  const result = new Map<string, { tenantId: string; lane: string; steps: number }>();
  for (const [queue, use] of Object.entries(work.hot.queues)) {
    if (use.refused !== undefined || use.steps <= 0) continue;
    const { tenantId, projectId, provider, lane, projectKey, providerKey, permitKey } = queuePartsOf(queue);
    const projectLeft = projects.get(projectKey) ?? projectRoom(work, tenantId, projectId);
    const providerLeft = providers.get(providerKey) ?? providerRoom(work, tenantId, provider);
    const steps = Math.max(0, Math.min(use.steps, projectLeft, providerLeft));
    projects.set(projectKey, projectLeft - steps);
    providers.set(providerKey, providerLeft - steps);
    const entry = result.get(permitKey) ?? { tenantId, lane, steps: 0 };
    entry.steps += steps;
    result.set(permitKey, entry);
  }
  return result;
}
