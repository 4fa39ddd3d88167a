import { type Pause, type ProviderLimits, pauseKey } from "./limits.ts";
import { closedUntil, leaseRoom } from "./provider.rules.ts";
import { flowKeyOf, type QueueParts } from "./queue-key.ts";
import type { Work } from "./work.ts";

/** Whether a queue may give leases at all, whatever its head needs. */
export type Gate =
  | { readonly open: true }
  | { readonly open: false; readonly reason: "paused" | "rate"; readonly until: number | null };

const unlimited = Number.POSITIVE_INFINITY;

/** Whether a queue is paused, or its provider closed and until when (ms UTC; null until somebody acts). */
export function gateOf(work: Work, parts: QueueParts): Gate {
  if (hasPauses(work) && pauseOf(work, parts) !== undefined)
    return { open: false, reason: "paused", until: null };
  const use = parts.provider === "" ? undefined : work.hot.providers[parts.providerKey];
  const until = use === undefined ? null : closedUntil(use, work.now);
  return until === null ? { open: true } : { open: false, reason: "rate", until };
}

function hasPauses(work: Work): boolean {
  for (const _ in work.config.pauses) return true;
  return false;
}

/** The pause that holds a queue, if any. */
export function pauseOf(work: Work, parts: QueueParts): Pause | undefined {
  const { tenantId, projectId, lane, provider } = parts;
  const { pauses } = work.config;
  const at = (kind: Pause["scope"]["kind"], name: string) => pauses[pauseKey({ tenantId, kind, name })];
  return (
    at("tenant", tenantId) ??
    at("project", projectId) ??
    at("lane", lane) ??
    (provider === "" ? undefined : (at("provider", provider) ?? at("provider", provider.split("/")[0] ?? "")))
  );
}

/** Leases that a tenant may still start; infinite without a limit. */
export function tenantRoom(work: Work, tenantId: string): number {
  const limit = work.config.tenants[tenantId]?.concurrency ?? unlimited;
  return limit - (work.hot.tenants[tenantId]?.inFlight ?? 0);
}

/** Leases that a project may still start; infinite without a limit. */
export function projectRoom(work: Work, tenantId: string, projectId: string): number {
  const limit = work.config.tenants[tenantId]?.projects?.[projectId]?.concurrency ?? unlimited;
  return limit - (work.hot.projects[flowKeyOf(tenantId, projectId)]?.inFlight ?? 0);
}

/** Leases that may still start at a provider; infinite for work that needs none. */
export function providerRoom(work: Work, tenantId: string, provider: string): number {
  if (provider === "") return unlimited;
  const use = work.hot.providers[flowKeyOf(tenantId, provider)];
  const limits = providerLimits(work, tenantId, provider);
  return use === undefined ? (limits?.concurrency ?? unlimited) : leaseRoom(use, limits);
}

/** The limits of `provider/model`, or of `provider` when the model has none of its own. */
export function providerLimits(work: Work, tenantId: string, provider: string): ProviderLimits | undefined {
  const all = work.config.tenants[tenantId]?.providers;
  return all?.[provider] ?? all?.[provider.split("/")[0] ?? ""];
}

/** A tenant's share of a lane's leases against other tenants. */
export function tenantWeight(work: Work, tenantId: string): number {
  return work.config.tenants[tenantId]?.weight ?? 1;
}

/** A project's share of the tenant's leases against its other projects. */
export function projectWeight(work: Work, tenantId: string, projectId: string): number {
  return work.config.tenants[tenantId]?.projects?.[projectId]?.weight ?? 1;
}
