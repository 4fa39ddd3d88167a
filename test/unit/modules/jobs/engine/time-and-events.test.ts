import { describe, expect, it } from "vitest";
import { Job, JobEvent } from "../../../../../contracts/jobs.ts";
import { jobEvents, queueStats, storeEvents } from "../../../../../src/modules/jobs/engine/reading.ts";
import { publicJob } from "../../../../../src/modules/jobs/engine/snapshot.ts";
import { aSubmission, Engine, noon, openStores } from "../../../../support/job-engine.ts";

const day = 86_400_000;

describe.each(openStores)("time with the store %s", (_, open) => {
  it("starts a job when it is due, up to a year ahead", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit({ runAt: noon + 365 * day });
    expect(engine.view(jobId)).toMatchObject({ status: "QUEUED", reasonCode: "scheduled" });
    expect(engine.wakeAt).toBe(noon + 365 * day);
    engine.pass(365 * day - 1);
    expect(engine.claim()).toEqual([]);
    engine.pass(1);
    expect(engine.claimOne().jobId).toBe(jobId);
  });

  it("expires a job that didn't start in time, and none that did", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit({ expiresAt: noon + 1_000 });
    const started = engine.submit({ expiresAt: noon + 1_000, priority: 9 });
    const step = engine.claimOne();
    engine.passThrough(30_000);
    expect(engine.view(jobId)).toMatchObject({ status: "FAILED", state: "EXPIRED", reasonCode: "expired" });
    expect(engine.view(started.jobId).status).toBe("RUNNING");
    expect(engine.complete(step)).toMatchObject({ state: "SUCCEEDED" });
  });

  it("ends a job that runs too long, and its worker learns it", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit({ timeoutMs: 30_000 });
    const step = engine.claimOne();
    expect(step.deadlineAt).toBe(noon + 30_000);
    engine.pass(20_000);
    engine.heartbeat(step);
    engine.passThrough(10_000);
    expect(engine.view(jobId)).toMatchObject({ state: "EXPIRED", reasonCode: "timeout" });
    expect(engine.heartbeat(step)).toMatchObject({ ok: false, failure: { data: { state: "EXPIRED" } } });
    expect(engine.store.readHot().tenants.t1?.inFlight ?? 0).toBe(0);
  });

  it("ends a job that takes too long in all, waits included", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit({ maxTotalMs: 60_000, maxAttempts: 99 });
    engine.fail(engine.claimOne(), { retryAfterMs: 50_000 });
    engine.passThrough(60_000);
    expect(engine.view(jobId)).toMatchObject({ state: "EXPIRED", reasonCode: "max_total" });
  });

  it("sweeps thousands of due jobs a part at a time", () => {
    const engine = new Engine(open());
    for (let i = 0; i < 10; i++) {
      const items = Array.from({ length: 100 }, () => aSubmission({ runAt: noon + 5_000 }));
      engine.run({ type: "submit", items });
    }
    engine.now += 5_000;
    const first = engine.run({ type: "tick" });
    expect(first).toEqual({ ok: true, handled: 200, more: true });
    expect(engine.wakeAt).toBeLessThanOrEqual(engine.now);
    engine.pass(0);
    expect(engine.store.firstDue()).toBeNull();
  });
});

describe.each(openStores)("permits with the store %s", (_, open) => {
  const permits = (engine: Engine) => engine.effectsOf("permit").reduce((sum, { count }) => sum + count, 0);

  it("issues one for each lease that could be given, and no more than limits allow", () => {
    const engine = new Engine(open());
    engine.limits({ concurrency: 3 });
    engine.run({ type: "submit", items: Array.from({ length: 10 }, () => aSubmission()) });
    expect(permits(engine)).toBe(3);
  });

  it("issues none for what is blocked, and does when it is opened", () => {
    const engine = new Engine(open());
    engine.limits({ budget: { dayMicros: 1 } });
    engine.submit({ unitMicros: 5 });
    engine.run({ type: "claim", lane: "fast", max: 1, workerId: "w", permits: { t1: 1 } });
    engine.effects = [];
    engine.pass(300_000);
    expect(permits(engine)).toBe(0);
    engine.limits({});
    expect(permits(engine)).toBe(1);
  });

  it("issues another when one has been lost for a minute while work waits", () => {
    const engine = new Engine(open());
    engine.submit();
    expect(permits(engine)).toBe(1);
    expect(engine.wakeAt).toBe(noon + 60_000);
    engine.passThrough(59_000);
    expect(permits(engine)).toBe(1);
    engine.passThrough(1_000);
    expect(permits(engine)).toBe(2);
  });

  it("takes a duplicate permit without harm", () => {
    const engine = new Engine(open());
    engine.submit();
    const claim = { type: "claim", lane: "fast", max: 1, workerId: "w", permits: { t1: 1 } } as const;
    expect(engine.run(claim).steps).toHaveLength(1);
    expect(engine.run(claim).steps).toEqual([]);
  });

  it("tops up when half have been used, not one by one", () => {
    const engine = new Engine(open());
    engine.limits({ maxPermits: 10 });
    engine.run({ type: "submit", items: Array.from({ length: 100 }, () => aSubmission()) });
    expect(engine.effectsOf("permit")).toHaveLength(1);
    for (let i = 0; i < 10; i++) {
      engine.run({ type: "claim", lane: "fast", max: 1, workerId: "w", permits: { t1: 1 } });
    }
    expect(engine.effectsOf("permit").map(({ count }) => count)).toEqual([10, 5, 5]);
  });
});

describe.each(openStores)("events with the store %s", (_, open) => {
  it("numbers a job's events without a gap and gives those after any of them", () => {
    const engine = new Engine(open());
    engine.run({ type: "submit", items: Array.from({ length: 200 }, () => aSubmission()) });
    const { jobId } = engine.submit({ units: 3, chunkUnits: 1, priority: 9 });
    for (let i = 0; i < 4; i++) engine.complete(engine.claimOne());
    const all = jobEvents(engine.store, "t1", jobId, 0, 99) ?? [];
    expect(all.map((event) => event.jobSeq)).toEqual(all.map((_, index) => index + 1));
    expect(all.map((event) => event.type)).toEqual([
      "job.submitted",
      "job.started",
      "job.progress",
      "job.progress",
      "job.progress",
      "job.finalizing",
      "job.succeeded",
    ]);
    expect(jobEvents(engine.store, "t1", jobId, 5, 99)).toEqual(all.slice(5));
    expect(jobEvents(engine.store, "t1", jobId, 2, 2)).toEqual(all.slice(2, 4));
    expect(jobEvents(engine.store, "t2", jobId, 0, 9)).toBeNull();
    for (const event of all) expect(JobEvent.parse(event)).toEqual(event);
  });

  it("numbers the events of the store without a gap", () => {
    const engine = new Engine(open());
    for (let i = 0; i < 5; i++) engine.submit();
    engine.claim(3);
    expect(storeEvents(engine.store, 0, 99).map((event) => event.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(storeEvents(engine.store, 6, 99).map((event) => event.type)).toEqual([
      "job.started",
      "job.started",
    ]);
  });

  it("counts progress upwards only, and estimates the end", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit({ units: 10, chunkUnits: 10 });
    const { token } = engine.claimOne();
    engine.pass(10_000);
    engine.run({
      type: "heartbeat",
      jobId,
      token,
      outcomes: { 0: "d", 1: "e" },
      costMicros: 40,
      partRef: "p",
    });
    const job = publicJob(engine.view(jobId), engine.now);
    expect(job).toMatchObject({ progress: { done: 1, failed: 1, total: 10 }, costMicros: 40, etaMs: 40_000 });
    expect(Job.parse(job)).toEqual(job);
    engine.run({ type: "heartbeat", jobId, token, costMicros: 10 });
    expect(engine.view(jobId).costMicros).toBe(40);
  });

  it("sends the snapshot of every change of status, a webhook at the end, and each under its own key", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit({ callback: { url: "https://example.com/hook", secretRef: "hook" } });
    engine.complete(engine.claimOne());
    expect(engine.effectsOf("index").map((effect) => effect.job.status)).toEqual([
      "QUEUED",
      "RUNNING",
      "SUCCEEDED",
    ]);
    expect(engine.effectsOf("webhook")).toMatchObject([
      { url: "https://example.com/hook", secretRef: "hook", event: "job.succeeded", job: { id: jobId } },
    ]);
    const keys = engine.effects.map((effect) => effect.key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("tells what waits where, and why", () => {
    const engine = new Engine(open());
    engine.limits({ budget: { dayMicros: 8 } });
    engine.submit({ unitMicros: 5, lane: "llm" });
    engine.submit({ unitMicros: 5, lane: "llm" });
    engine.submit();
    engine.submit();
    engine.claim(2, "llm");
    engine.claim(1);
    engine.now += 5_000;
    const { queues, inFlight } = queueStats(engine.store, engine.now);
    expect(inFlight).toBe(2);
    expect(queues).toMatchObject([
      { lane: "llm", jobs: 1, blockedBy: "budget", headAgeMs: 5_000 },
      { lane: "fast", jobs: 1, blockedBy: null },
    ]);
  });

  it("answers several commands in one transaction, each for itself", () => {
    const engine = new Engine(open());
    engine.submit();
    engine.submit();
    const steps = engine.claim(2);
    const commands = steps.map(({ jobId, token }) => ({ type: "complete", jobId, token }) as const);
    const stale = { type: "complete", jobId: steps[0]?.jobId ?? "", token: 999 } as const;
    const { replies } = engine.run({ type: "batch", commands: [...commands, stale] });
    expect(replies.map((reply) => reply.ok)).toEqual([true, true, false]);
  });
});
