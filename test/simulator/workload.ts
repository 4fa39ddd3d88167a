import type { Command, Submission } from "../../src/modules/jobs/engine/commands.ts";
import type { TenantLimits } from "../../src/modules/jobs/engine/limits.ts";
import type { Scheduler } from "./scheduler.ts";

const hourMs = 3_600_000;
export const lanes = ["fast", "llm"] as const;
const audit = { actor: "user_1", requestId: "req_1" };

/** Who is in the world of a seed, and what they are allowed. */
export interface Cast {
  readonly tenants: readonly string[];
  readonly projects: readonly string[];
  readonly workers: number;
  readonly jobs: number;
}

export function castOf(scheduler: Scheduler): Cast {
  const some = (name: string, most: number) =>
    Array.from({ length: scheduler.between(1, most) }, (_, i) => `${name}${i + 1}`);
  return {
    tenants: some("ten_", 3),
    projects: some("prj_", 3),
    workers: scheduler.between(1, 6),
    jobs: scheduler.between(4, 28),
  };
}

/** Limits of every kind, each there or not. */
export function limitsOf(scheduler: Scheduler): TenantLimits {
  const maybe = <T>(probability: number, make: () => T): T | undefined =>
    scheduler.chance(probability) ? make() : undefined;
  const concurrency = maybe(0.6, () => scheduler.between(1, 4));
  const perProject = maybe(0.5, () => scheduler.between(1, 3));
  const budget = maybe(0.4, () => ({ dayMicros: scheduler.between(2_000, 20_000), monthMicros: 500_000 }));
  const providers = {
    openai: { requestsPerMinute: scheduler.between(4, 40), tokensPerMinute: scheduler.between(800, 6_000) },
    anthropic: { concurrency: scheduler.between(1, 2), requestsPerMinute: scheduler.between(4, 40) },
  };
  return {
    weight: scheduler.between(1, 3),
    timeZone: scheduler.pick(["UTC", "Asia/Seoul", "America/New_York"]),
    keyDefault: scheduler.between(1, 2),
    maxPermits: scheduler.between(1, 20),
    providers,
    ...(concurrency !== undefined && { concurrency }),
    ...(perProject !== undefined && {
      projects: { prj_1: { concurrency: perProject, weight: scheduler.between(1, 4) } },
    }),
    ...(budget !== undefined && { budget }),
  };
}

/** A job of some kind; `known` are ids of earlier jobs of the tenant. */
export function submissionOf(
  scheduler: Scheduler,
  cast: Cast,
  tenantId: string,
  known: readonly string[],
  now: number,
): Submission {
  const { chance, between, pick } = bound(scheduler);
  const provider = chance(0.4) ? pick(["openai", "anthropic"]) : undefined;
  const single = chance(0.5);
  const dedupMode = pick([
    "return_existing",
    "reject",
    "replace_pending",
    "debounce",
    "keep_last_if_active",
  ] as const);
  const earlier = known.at(-1);
  return {
    tenantId,
    projectId: pick(cast.projects),
    type: pick(["EVALUATION", "ANALYSIS", "PIPELINE", "REGRESSION", "GATE"]),
    lane: provider === undefined ? pick(lanes) : "llm",
    requestedBy: "user_1",
    payload: chance(0.05) ? { text: "x".repeat(3_000) } : { n: between(1, 9) },
    priority: between(0, 9),
    units: single ? 1 : between(2, 14),
    chunkUnits: between(2, 6),
    maxParallel: between(1, 4),
    unitMicros: chance(0.6) ? between(0, chance(0.1) ? 9_000 : 1_500) : 0,
    maxAttempts: between(1, 4),
    ...(provider !== undefined && { needs: { provider, requests: between(0, 2), tokens: between(0, 200) } }),
    ...(chance(0.1) && { runAt: now + between(1_000, hourMs) }),
    ...(chance(0.05) && { expiresAt: now + between(2 * hourMs, 3 * hourMs) }),
    ...(chance(0.05) && { timeoutMs: between(60_000, hourMs) }),
    ...(chance(0.05) && { maxTotalMs: between(600_000, 3 * hourMs) }),
    ...(chance(0.15) && { serialKey: pick(["s1", "s2"]), serialPolicy: "continue" as const }),
    ...(chance(0.2) && { concurrencyKey: pick(["k1", "k2"]) }),
    ...(chance(0.1) && earlier !== undefined && { parentId: earlier }),
    ...(chance(0.15) &&
      earlier !== undefined && { dependsOn: [earlier], dependencyPolicy: pick(["skip", "fail"] as const) }),
    ...(chance(0.15) && {
      dedup: { key: pick(["d1", "d2"]), mode: dedupMode, debounceMs: 5_000, debounceMaxMs: 60_000 },
    }),
    ...(chance(0.4) && {
      idempotency: { route: "jobs", key: `key-${between(1, 12)}`, bodyHash: "same" },
    }),
  };
}

/** Something that an operator does now and then. */
export function operationOf(
  scheduler: Scheduler,
  tenantId: string,
  known: readonly string[],
): Command | null {
  const jobId = known.length === 0 ? null : scheduler.pick(known);
  const choice = scheduler.between(1, 8);
  if (choice <= 3) return jobId === null ? null : { type: "cancel", tenantId, jobId, audit };
  if (choice === 4) return { type: "redrive", tenantId, filter: { open: true }, perMinute: 30, audit };
  if (choice === 5) return { type: "set_limits", tenantId, limits: limitsOf(scheduler), audit };
  const scope = {
    tenantId,
    ...scheduler.pick([
      { kind: "provider", name: "openai" },
      { kind: "project", name: "prj_1" },
      { kind: "lane", name: "fast" },
      { kind: "tenant", name: tenantId },
    ] as const),
  };
  return choice === 6 ? { type: "pause", scope, reason: "testing", audit } : { type: "resume", scope, audit };
}

function bound(scheduler: Scheduler) {
  return {
    chance: (probability: number) => scheduler.chance(probability),
    between: (low: number, high: number) => scheduler.between(low, high),
    pick: <T>(items: readonly T[]) => scheduler.pick(items),
  };
}
