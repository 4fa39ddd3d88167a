import { describe, expect, it } from "vitest";
import { Engine, openStores } from "../../../../support/job-engine.ts";

describe.each(openStores)("retries with the store %s", (_, open) => {
  it("tries a transient failure again with jitter, three times in all, and then is dead", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit();
    for (const [attempt, ceiling] of [
      [1, 2_000],
      [2, 4_000],
    ] as const) {
      const step = engine.claimOne();
      expect(step.attempt).toBe(attempt);
      const reply = engine.fail(step);
      expect(reply).toMatchObject({ ok: true, state: "RETRY_WAIT" });
      const delay = (reply.ok ? (reply.retryAt ?? 0) : 0) - engine.now;
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThanOrEqual(ceiling);
      expect(engine.view(jobId)).toMatchObject({ status: "QUEUED", reasonCode: "retry_wait" });
      engine.pass(ceiling);
    }
    engine.fail(engine.claimOne());
    expect(engine.view(jobId)).toMatchObject({
      status: "FAILED",
      state: "DEAD",
      reasonCode: "retries_exhausted",
      error: { code: "network" },
    });
  });

  it("waits as long as Retry-After says", () => {
    const engine = new Engine(open());
    engine.submit();
    engine.fail(engine.claimOne(), { retryAfterMs: 90_000 });
    engine.pass(89_000);
    expect(engine.claim()).toEqual([]);
    engine.pass(1_000);
    expect(engine.claim()).toHaveLength(1);
  });

  it("gives up when the job would be too old for another attempt", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit({ maxAgeMs: 60_000, maxAttempts: 50 });
    engine.fail(engine.claimOne(), { retryAfterMs: 61_000 });
    expect(engine.view(jobId)).toMatchObject({ state: "DEAD", reasonCode: "retries_exhausted" });
  });

  it("ends a permanent failure after one attempt", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit();
    engine.fail(engine.claimOne(), { code: "bad_request", transient: false });
    expect(engine.view(jobId)).toMatchObject({
      status: "FAILED",
      state: "FAILED",
      reasonCode: "permanent",
      attempt: 1,
      error: { code: "bad_request", message: "no route" },
    });
  });

  it("pauses the provider of a job whose credentials fail, and no other", () => {
    const engine = new Engine(open());
    const needs = (provider: string) => ({ provider, requests: 1, tokens: 0 });
    const first = engine.submit({ needs: needs("openai"), projectId: "p1" });
    const behind = engine.submit({ needs: needs("openai"), projectId: "p1" });
    const other = engine.submit({ needs: needs("anthropic"), projectId: "p2" });
    const steps = engine.claim(1);
    engine.run({
      type: "fail",
      jobId: steps[0]?.jobId ?? "",
      token: steps[0]?.token ?? 0,
      failure: { code: "401", message: "no", transient: false, pausesProvider: "credentials refused" },
    });
    expect(engine.view(first.jobId)).toMatchObject({ state: "FAILED", attempt: 1 });
    expect(engine.view(behind.jobId)).toMatchObject({ status: "QUEUED", reasonCode: "blocked_paused" });
    expect(engine.claim(5).map((step) => step.jobId)).toEqual([other.jobId]);
    const scope = { tenantId: "t1", kind: "provider", name: "openai" } as const;
    engine.run({ type: "resume", scope, audit: { actor: "user_1" } });
    expect(engine.claim(5).map((step) => step.jobId)).toEqual([behind.jobId]);
    expect(engine.effectsOf("audit").map((effect) => effect.action)).toEqual([
      "jobs.queue.pause",
      "jobs.queue.resume",
    ]);
  });

  it("uses no attempt while a provider limits the rate, but gives up after the time for that", () => {
    const engine = new Engine(open());
    const needs = { provider: "openai", requests: 1, tokens: 0 };
    const { jobId } = engine.submit({ needs, maxRateWaitMs: 600_000, maxAttempts: 1 });
    for (let i = 0; i < 4; i++) {
      const step = engine.claimOne();
      expect(step.attempt).toBe(1);
      engine.fail(step, { code: "429", rateLimited: true, retryAfterMs: 100_000 });
      expect(engine.view(jobId)).toMatchObject({ state: "BLOCKED", reasonCode: "blocked_rate" });
      engine.passThrough(110_000);
    }
    for (let i = 0; i < 3 && engine.view(jobId).status === "QUEUED"; i++) {
      engine.fail(engine.claimOne(), { code: "429", rateLimited: true, retryAfterMs: 100_000 });
      engine.passThrough(110_000);
    }
    expect(engine.view(jobId)).toMatchObject({ state: "DEAD", reasonCode: "rate_wait_exhausted" });
  });

  it("spreads a thousand jobs that fail together over the whole wait", () => {
    const engine = new Engine(open());
    for (let i = 0; i < 10; i++) {
      engine.run({ type: "submit", items: Array.from({ length: 100 }, () => anItem) });
    }
    const delays: number[] = [];
    for (let i = 0; i < 10; i++) {
      for (const step of engine.claim(100)) {
        const reply = engine.fail(step);
        if (reply.ok && reply.retryAt !== null) delays.push(reply.retryAt - engine.now);
      }
    }
    expect(delays).toHaveLength(1_000);
    const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
    expect(mean).toBeGreaterThan(900);
    expect(mean).toBeLessThan(1_100);
    const busiest = Math.max(...countBy(delays, (delay) => Math.floor(delay / 100)).values());
    expect(busiest).toBeLessThan(100);
  });

  it("keeps the log of attempts that failed", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit();
    for (const code of ["a", "b", "c"]) {
      engine.fail(engine.claimOne(), { code });
      engine.pass(300_000);
    }
    const log = engine.store.findJob(jobId)?.log ?? [];
    expect(log.map(({ code, attempt }) => [code, attempt])).toEqual([
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ]);
  });
});

const anItem = {
  tenantId: "t1",
  projectId: "p1",
  type: "EVALUATION",
  lane: "fast",
  requestedBy: "user_1",
} as const;

function countBy<T>(items: readonly T[], keyOf: (item: T) => number): Map<number, number> {
  const counts = new Map<number, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
