import { describe, expect, it } from "vitest";
import { audit, Engine, noon, openStores } from "../../../../support/job-engine.ts";

const hour = 3_600_000;

describe.each(openStores)("concurrency with the store %s", (_, open) => {
  it("never gives a tenant, project or provider more leases than it may have", () => {
    const engine = new Engine(open());
    engine.limits({
      concurrency: 5,
      projects: { p1: { concurrency: 2 } },
      providers: { openai: { concurrency: 1 } },
    });
    const needs = { provider: "openai", requests: 0, tokens: 0 };
    for (let i = 0; i < 5; i++) {
      engine.submit({ projectId: "p1" });
      engine.submit({ projectId: "p2", needs });
      engine.submit({ projectId: "p3" });
    }
    const byProject = (steps: readonly { projectId: string }[]) =>
      ["p1", "p2", "p3"].map((project) => steps.filter((step) => step.projectId === project).length);
    const steps = engine.claim(20);
    expect(steps).toHaveLength(5);
    expect(byProject(steps)).toEqual([2, 1, 2]);
    expect(engine.claim(20)).toEqual([]);
    const [first] = steps;
    if (first !== undefined) engine.complete(first);
    expect(engine.claim(20)).toHaveLength(1);
  });

  it("runs as many jobs of a concurrency key as it may, in order of priority, beside other keys", () => {
    const engine = new Engine(open());
    engine.limits({ keys: { k: 2 } });
    const jobs = [1, 2, 3, 9].map((priority) => engine.submit({ concurrencyKey: "k", priority }).jobId);
    const other = engine.submit({ concurrencyKey: "other", priority: 0 }).jobId;
    const steps = engine.claim(9);
    expect(steps.map((step) => step.jobId).sort()).toEqual([jobs[0], jobs[1], other].sort());
    expect(engine.view(jobs[2] ?? "").reasonCode).toBe("blocked_concurrency");
    const [first] = steps.filter((step) => step.jobId !== other);
    if (first !== undefined) engine.complete(first);
    expect(engine.claim(9).map((step) => step.jobId)).toEqual([jobs[3]]);
  });

  it("gives the place of a job that waits for its retry to the next of its key", () => {
    const engine = new Engine(open());
    const first = engine.submit({ concurrencyKey: "k" });
    const second = engine.submit({ concurrencyKey: "k" });
    engine.fail(engine.claimOne(), { retryAfterMs: 1_000 });
    const step = engine.claimOne();
    expect(step.jobId).toBe(second.jobId);
    engine.pass(10_000);
    expect(engine.view(first.jobId).reasonCode).toBe("blocked_concurrency");
    engine.complete(step);
    expect(engine.claimOne().jobId).toBe(first.jobId);
  });

  it("holds a lower limit for new leases and lets a higher one wake what waits", () => {
    const engine = new Engine(open());
    engine.limits({ concurrency: 3, keys: { k: 3 } });
    for (let i = 0; i < 6; i++) engine.submit({ concurrencyKey: "k" });
    const steps = engine.claim(9);
    engine.limits({ concurrency: 1, keys: { k: 1 } });
    for (const step of steps.slice(0, 2)) engine.complete(step);
    expect(engine.claim(9)).toEqual([]);
    engine.limits({ concurrency: 4, keys: { k: 4 } });
    expect(engine.claim(9)).toHaveLength(3);
  });
});

describe.each(openStores)("pauses with the store %s", (_, open) => {
  it.each([
    ["tenant", "t1"],
    ["project", "p1"],
    ["lane", "fast"],
  ] as const)("holds a paused %s and says why", (kind, name) => {
    const engine = new Engine(open());
    const scope = { tenantId: "t1", kind, name };
    engine.run({ type: "pause", scope, reason: "maintenance", audit });
    const { jobId } = engine.submit();
    const later = engine.submit();
    expect(engine.claim(9)).toEqual([]);
    expect(engine.view(jobId)).toMatchObject({ status: "QUEUED", reasonCode: "blocked_paused" });
    expect(engine.view(later.jobId).reasonCode).toBe("blocked_paused");
    expect(engine.run({ type: "pause", scope, reason: "again", audit })).toMatchObject({ changed: false });
    expect(engine.run({ type: "resume", scope, audit })).toMatchObject({ changed: true });
    expect(engine.claim(9)).toHaveLength(2);
  });

  it("lets what runs go on", () => {
    const engine = new Engine(open());
    engine.submit();
    const step = engine.claimOne();
    engine.run({ type: "pause", scope: { tenantId: "t1", kind: "tenant", name: "t1" }, reason: "x", audit });
    expect(engine.heartbeat(step)).toMatchObject({ ok: true, cancel: false });
    expect(engine.complete(step)).toMatchObject({ ok: true, state: "SUCCEEDED" });
  });
});

describe.each(openStores)("provider windows with the store %s", (_, open) => {
  const needs = { provider: "openai", requests: 2, tokens: 0 };

  it("claims no more than fits in the minute, and goes on when the minute has passed", () => {
    const engine = new Engine(open());
    engine.limits({ providers: { openai: { requestsPerMinute: 5 } } });
    const jobs = [engine.submit({ needs }), engine.submit({ needs }), engine.submit({ needs })];
    const steps = engine.claim(9);
    expect(steps).toHaveLength(2);
    expect(engine.view(jobs[2]?.jobId ?? "").reasonCode).toBe("blocked_rate");
    for (const { jobId, token } of steps) {
      engine.run({ type: "complete", jobId, token, usage: { requests: 2, tokens: 0 } });
    }
    expect(engine.claim(9)).toEqual([]);
    expect(engine.wakeAt).toBe(engine.now + 60_000);
    engine.pass(59_999);
    expect(engine.claim(9)).toEqual([]);
    engine.pass(1);
    expect(engine.claim(9)).toHaveLength(1);
  });

  it("gives a hold back that wasn't used", () => {
    const engine = new Engine(open());
    engine.limits({ providers: { openai: { requestsPerMinute: 2 } } });
    engine.submit({ needs });
    engine.submit({ needs });
    const step = engine.claimOne();
    expect(engine.claim()).toEqual([]);
    engine.run({ type: "complete", jobId: step.jobId, token: step.token, usage: { requests: 0, tokens: 0 } });
    expect(engine.claim()).toHaveLength(1);
  });

  it("never grants more than the limit in any minute", () => {
    const engine = new Engine(open());
    const limit = 7;
    engine.limits({ providers: { openai: { requestsPerMinute: limit, tokensPerMinute: 1_000 } } });
    engine.submit({ needs: { provider: "openai", requests: 0, tokens: 0 } });
    const { jobId, token } = engine.claimOne();
    const granted: number[] = [];
    for (let i = 0; i < 900; i++) {
      const reply = engine.run({ type: "take_tokens", jobId, token, requests: 1, tokens: 50 });
      if (reply.ok && reply.granted) granted.push(engine.now);
      engine.now += 317;
      if (i % 60 === 0) engine.run({ type: "heartbeat", jobId, token });
    }
    for (const at of granted) {
      expect(granted.filter((time) => time >= at && time < at + 60_000).length).toBeLessThanOrEqual(limit);
    }
    expect(granted.length).toBeGreaterThan(limit * 3);
  });

  it("says how long to wait for tokens", () => {
    const engine = new Engine(open());
    engine.limits({ providers: { openai: { tokensPerMinute: 100 } } });
    engine.submit({ needs: { provider: "openai", requests: 0, tokens: 0 } });
    const { jobId, token } = engine.claimOne();
    const take = { type: "take_tokens", jobId, token, requests: 1, tokens: 80 } as const;
    expect(engine.run(take)).toEqual({ ok: true, granted: true, cancel: false });
    engine.now += 10_000;
    expect(engine.run(take)).toEqual({ ok: true, granted: false, waitMs: 50_000, cancel: false });
    expect(engine.run({ ...take, tokens: 20 })).toMatchObject({ granted: true });
  });

  it("slows down for everybody after a 429 and recovers slowly", () => {
    const engine = new Engine(open());
    engine.limits({ providers: { openai: { requestsPerMinute: 10 } } });
    engine.submit({ needs: { provider: "openai", requests: 0, tokens: 0 } });
    const { jobId, token } = engine.claimOne();
    expect(engine.run({ type: "report_rate_limit", jobId, token, retryAfterMs: 5_000 })).toMatchObject({
      waitMs: 5_000,
    });
    const take = { type: "take_tokens", jobId, token, requests: 1, tokens: 0 } as const;
    expect(engine.run(take)).toMatchObject({ granted: false, waitMs: 5_000 });
    engine.now += 5_000;
    const grants = () =>
      Array.from({ length: 10 }, () => engine.run(take)).filter((r) => r.ok && r.granted).length;
    expect(grants()).toBe(5);
    for (let i = 0; i < 40; i++) {
      engine.now += 30_000;
      engine.run({ type: "heartbeat", jobId, token });
    }
    expect(grants()).toBe(10);
  });

  it("opens the breaker after five failures in a row and tries with one", () => {
    const engine = new Engine(open());
    const calls = { provider: "openai", requests: 0, tokens: 0 };
    for (let i = 0; i < 9; i++) engine.submit({ needs: calls, maxAttempts: 1 });
    for (const step of engine.claim(5)) engine.fail(step, { code: "503" });
    expect(engine.claim(9)).toEqual([]);
    engine.passThrough(30_000);
    const trial = engine.claim(9);
    expect(trial).toHaveLength(1);
    const [step] = trial;
    if (step !== undefined) engine.complete(step);
    expect(engine.claim(9)).toHaveLength(3);
  });

  it("gives a model a window of its own", () => {
    const engine = new Engine(open());
    engine.limits({
      providers: { openai: { requestsPerMinute: 2 }, "openai/big": { requestsPerMinute: 1 } },
    });
    for (const model of ["big", "big", "small", "small", "small"]) {
      engine.submit({ needs: { provider: "openai", model, requests: 1, tokens: 0 } });
    }
    expect(engine.claim(9)).toHaveLength(3);
  });
});

describe.each(openStores)("budgets with the store %s", (_, open) => {
  it("claims up to the last micro and never by count", () => {
    const engine = new Engine(open());
    engine.limits({ budget: { dayMicros: 1_000 } });
    for (let i = 0; i < 10; i++) engine.submit({ unitMicros: 300 });
    const steps = engine.claim(10);
    expect(steps).toHaveLength(3);
    const waiting = engine.claim(10);
    expect(waiting).toEqual([]);
    for (const step of steps) engine.complete(step, "ref", 200);
    expect(engine.claim(10)).toHaveLength(1);
  });

  it("overshoots by no more than the estimates were wrong", () => {
    const engine = new Engine(open());
    engine.limits({ budget: { dayMicros: 1_000 } });
    for (let i = 0; i < 10; i++) engine.submit({ unitMicros: 300 });
    const [one, ...others] = engine.claim(10);
    if (one !== undefined) engine.complete(one, "ref", 450);
    for (const step of others) engine.complete(step, "ref", 300);
    expect(engine.claim(10)).toEqual([]);
    expect(engine.store.readHot().tenants.t1?.budget?.daySpent).toBe(1_050);
  });

  it("shows the reason, and goes on when the day ends in the tenant's time zone", () => {
    const engine = new Engine(open());
    engine.limits({ timeZone: "Asia/Seoul", budget: { dayMicros: 100 } });
    const first = engine.submit({ unitMicros: 100 });
    const second = engine.submit({ unitMicros: 100 });
    engine.complete(engine.claimOne(), "ref", 100);
    expect(engine.claim()).toEqual([]);
    expect(engine.view(first.jobId).status).toBe("SUCCEEDED");
    expect(engine.view(second.jobId)).toMatchObject({ state: "BLOCKED", reasonCode: "blocked_budget" });
    expect(engine.wakeAt).toBe(noon + 12 * hour);
    engine.passThrough(12 * hour - 1);
    expect(engine.claim()).toEqual([]);
    engine.pass(1);
    expect(engine.claimOne().jobId).toBe(second.jobId);
  });

  it("goes on when the limit is raised, and work without a cost never waits", () => {
    const engine = new Engine(open());
    engine.limits({ budget: { dayMicros: 10 } });
    const paid = engine.submit({ unitMicros: 100, priority: 9 });
    const free = engine.submit();
    expect(engine.claim(9).map((step) => step.jobId)).toEqual([free.jobId]);
    engine.limits({ budget: { dayMicros: 100 } });
    expect(engine.claim(9).map((step) => step.jobId)).toEqual([paid.jobId]);
  });

  it("doesn't let a job that no budget can pay hold up the others, and runs it when the limit allows", () => {
    const engine = new Engine(open());
    engine.limits({ budget: { dayMicros: 100 } });
    const dear = engine.submit({ unitMicros: 101, priority: 9, concurrencyKey: "k" });
    const cheap = engine.submit({ unitMicros: 10, concurrencyKey: "k" });
    const step = engine.claimOne();
    expect(step.jobId).toBe(cheap.jobId);
    expect(engine.view(dear.jobId)).toMatchObject({ state: "BLOCKED", reasonCode: "blocked_budget" });
    engine.complete(step);
    engine.limits({ budget: { dayMicros: 200 } });
    expect(engine.claimOne().jobId).toBe(dear.jobId);
  });

  it("judges a blocked queue anew when its head is cancelled or another comes before it", () => {
    const engine = new Engine(open());
    engine.limits({ budget: { dayMicros: 100 } });
    engine.submit({ unitMicros: 60 });
    engine.complete(engine.claimOne(), "ref", 60);
    const head = engine.submit({ unitMicros: 60 });
    const behind = engine.submit({ unitMicros: 20 });
    expect(engine.claim()).toEqual([]);
    const urgent = engine.submit({ unitMicros: 20, priority: 9 });
    expect(engine.claimOne().jobId).toBe(urgent.jobId);
    expect(engine.claim()).toEqual([]);
    engine.cancel(head.jobId);
    expect(engine.claimOne().jobId).toBe(behind.jobId);
  });

  it("holds project and month budgets too", () => {
    const engine = new Engine(open());
    engine.limits({ budget: { monthMicros: 250 }, projects: { p1: { budget: { dayMicros: 100 } } } });
    for (const projectId of ["p1", "p1", "p2", "p2"]) engine.submit({ projectId, unitMicros: 100 });
    const steps = engine.claim(9);
    expect(steps.map((step) => step.projectId).sort()).toEqual(["p1", "p2"]);
    for (const step of steps) engine.complete(step, "ref", 100);
    engine.passThrough(3 * 24 * hour);
    expect(engine.claim(9)).toEqual([]);
    engine.passThrough(8 * 24 * hour);
    expect(engine.claim(9)).toHaveLength(2);
  });

  it("reserves for the units that are left and gives the rest back when a lease is lost", () => {
    const engine = new Engine(open());
    engine.limits({ budget: { dayMicros: 10_000 } });
    const { jobId } = engine.submit({ units: 10, chunkUnits: 10, unitMicros: 10 });
    const { token } = engine.claimOne();
    const reserved = () => engine.store.readHot().tenants.t1?.budget?.reserved;
    expect(reserved()).toBe(100);
    engine.run({
      type: "heartbeat",
      jobId,
      token,
      outcomes: { 0: "d", 1: "d" },
      costMicros: 20,
      partRef: "p",
    });
    expect(reserved()).toBe(80);
    engine.pass(60_000);
    expect(reserved()).toBe(0);
    engine.claimOne();
    expect(reserved()).toBe(80);
  });
});
