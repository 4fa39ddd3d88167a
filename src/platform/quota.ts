import { proxyDurable } from "itty-durable/proxy-durable.js";
import type { LimitsObject } from "../../durable-objects/limits/limits-object.ts";
import { actorName } from "../kernel/actor-name.ts";
import type { Actor } from "../kernel/context.ts";
import { configOf } from "./config.ts";
import type { Env } from "./env.ts";
import { limitsOf } from "./objects.ts";
import { type Lease, leaseOf, mustAsk, wantOf } from "./quota.rules.ts";

export interface QuotaAnswer {
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
  readonly windowSeconds: number;
  readonly allowed: boolean;
}

const mostLeases = 10_000;
const leases = new Map<string, Lease>();

/**
 * Takes one request from the allowance of a caller: of an account or key, or of an address when nobody is signed in.
 * An isolate leases a share of the allowance at a time, so most requests need no hop, and the limit is never exceeded.
 * When the limiter can't be reached the request passes; when it is overloaded, by this caller, it doesn't.
 */
export async function takeQuota(
  env: Env,
  actor: Actor,
  facts: { readonly now: Date; readonly address?: string },
): Promise<QuotaAnswer> {
  const { MARU_RATE_LIMIT: limit, MARU_RATE_WINDOW_S: windowSeconds } = configOf(env);
  const now = facts.now.getTime();
  const tenantId = actor.tenantId === "" ? "platform" : actor.tenantId;
  const caller = actor.kind === "anonymous" ? `anonymous:${facts.address ?? "unknown"}` : actorName(actor);
  const key = `${tenantId}:${caller}`;
  const known = leases.get(key);
  const lease = known !== undefined && known.endsAt > now ? known : undefined;
  const answer = (allowed: boolean, left: number, endsAt: number): QuotaAnswer => ({
    limit,
    remaining: Math.min(limit, Math.max(0, left)),
    resetSeconds: Math.max(1, Math.ceil((endsAt - now) / 1000)),
    windowSeconds,
    allowed,
  });
  if (lease !== undefined && !mustAsk(lease)) {
    if (lease.left === 0) return answer(false, 0, lease.endsAt);
    leases.set(key, { ...lease, left: lease.left - 1 });
    return answer(true, lease.left - 1 + lease.remaining, lease.endsAt);
  }
  const want = wantOf(lease, limit);
  try {
    const grant = await ask(env, tenantId, caller, [want, limit, windowSeconds, now]);
    const before = leases.get(key);
    const fresh = leaseOf(grant, want);
    // Another request of this isolate may have been granted a lease while this one waited: neither may be lost.
    const merged =
      before?.endsAt === fresh.endsAt && before.endsAt > now
        ? {
            ...fresh,
            left: before.left + fresh.left,
            remaining: Math.min(before.remaining, fresh.remaining),
          }
        : fresh;
    remember(key, merged, now);
    return answer(grant.granted > 0, merged.left + merged.remaining, grant.endsAt);
  } catch (error) {
    const overloaded = error instanceof Error && "overloaded" in error && error.overloaded === true;
    return answer(!overloaded, overloaded ? 0 : limit, now + (overloaded ? 1000 : windowSeconds * 1000));
  }
}

/** Takes one from a limiter of its own, without a lease. */
export function takeFrom(
  env: Env,
  tenantId: string,
  caller: string,
  limit: number,
  windowSeconds: number,
  now: number,
): ReturnType<Take> {
  return ask(env, tenantId, caller, [1, limit, windowSeconds, now]);
}

type Take = LimitsObject["take"];

function ask(env: Env, tenantId: string, caller: string, args: Parameters<Take>): ReturnType<Take> {
  const { id } = limitsOf(env, tenantId, caller);
  const limiter: { take: Take } = proxyDurable(env.LIMITS, { name: "LIMITS", parse: true }).get(id);
  return limiter.take(...args);
}

function remember(key: string, lease: Lease, now: number): void {
  if (leases.size >= mostLeases) {
    for (const [other, { endsAt }] of leases) if (endsAt <= now) leases.delete(other);
    if (leases.size >= mostLeases) leases.clear();
  }
  leases.set(key, lease);
}
