import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../../src/kernel/random.ts";
import { aSubmission, audit, Engine, noon, openStores } from "../../../../support/job-engine.ts";

const minute = 60_000;

describe.each(openStores)("priority with the store %s", (_, open) => {
  it("runs higher priorities first, and equals in order of submission", () => {
    const engine = new Engine(open());
    const ids = [5, 9, 0, 9, 5].map((priority) => engine.submit({ priority }).jobId);
    const order = engine.claim(5).map((step) => ids.indexOf(step.jobId));
    expect(order).toEqual([1, 3, 0, 4, 2]);
  });

  it("lifts a job by one level for every five minutes that it waits", () => {
    const engine = new Engine(open());
    const old = engine.submit({ priority: 3 });
    engine.pass(9 * minute);
    const fresh = engine.submit({ priority: 5 });
    const first = engine.claimOne();
    expect(first.jobId).toBe(fresh.jobId);
    engine.complete(first);
    engine.pass(2 * minute);
    engine.submit({ priority: 5 });
    expect(engine.claimOne().jobId).toBe(old.jobId);
  });

  it("starves nobody: a job waits at most five minutes a level longer than the later ones before it", () => {
    const engine = new Engine(open());
    const random = seededRandom(7);
    const born = new Map<string, { at: number; priority: number }>();
    const low = engine.submit({ priority: 0 }).jobId;
    let waited = -1;
    for (let i = 0; i < 400 && waited < 0; i++) {
      engine.now += 30_000;
      for (let n = 0; n < 2; n++) {
        const priority = Math.floor(random() * 10);
        const { jobId } = engine.submit({ priority });
        born.set(jobId, { at: engine.now, priority });
      }
      const step = engine.claimOne();
      if (step.jobId === low) waited = engine.now - noon;
      else {
        const { at = 0, priority = 0 } = born.get(step.jobId) ?? {};
        expect(at - noon).toBeLessThanOrEqual(priority * 5 * minute);
      }
      engine.complete(step);
    }
    expect(waited).toBeGreaterThan(0);
  });

  it("keeps the place of a job through its retries", () => {
    const engine = new Engine(open());
    const first = engine.submit();
    engine.fail(engine.claimOne());
    engine.submit();
    engine.pass(2_000);
    expect(engine.claimOne().jobId).toBe(first.jobId);
  });
});

describe.each(openStores)("fairness with the store %s", (_, open) => {
  const bulk = (engine: Engine, count: number, item: Parameters<typeof aSubmission>[0]) => {
    for (let i = 0; i < count; i += 500) {
      const items = Array.from({ length: Math.min(500, count - i) }, () => aSubmission(item));
      engine.run({ type: "submit", items });
    }
  };

  it("gives tenants their share by weight, within five percent", () => {
    const engine = new Engine(open());
    engine.limits({ weight: 1 }, "a");
    engine.limits({ weight: 2 }, "b");
    engine.limits({ weight: 5 }, "c");
    for (const tenantId of ["a", "b", "c"]) bulk(engine, 800, { tenantId });
    const counts: Record<string, number> = { a: 0, b: 0, c: 0 };
    for (let i = 0; i < 80; i++) {
      for (const step of engine.claim(10)) counts[step.tenantId] = (counts[step.tenantId] ?? 0) + 1;
    }
    expect(counts).toEqual({ a: 100, b: 200, c: 500 });
  });

  it("divides a tenant's share between its projects, one claim at a time too", () => {
    const engine = new Engine(open());
    engine.limits({ projects: { p1: { weight: 3 } } });
    bulk(engine, 400, { projectId: "p1" });
    bulk(engine, 400, { projectId: "p2" });
    const counts: Record<string, number> = {};
    for (let i = 0; i < 400; i++) {
      const { projectId } = engine.claimOne();
      counts[projectId] = (counts[projectId] ?? 0) + 1;
    }
    expect(counts).toEqual({ p1: 300, p2: 100 });
  });

  it("lets a small tenant through beside ten thousand jobs of another", () => {
    const waits = (withCrowd: boolean) => {
      const engine = new Engine(open());
      if (withCrowd) bulk(engine, 10_000, { tenantId: "crowd" });
      bulk(engine, 10, { tenantId: "small" });
      const found: number[] = [];
      for (let round = 1; found.length < 10; round++) {
        for (const step of engine.claim(4)) if (step.tenantId === "small") found.push(round);
      }
      return found[Math.ceil(0.95 * found.length) - 1] ?? 0;
    };
    expect(waits(true)).toBeLessThan(2 * waits(false) + 1);
  });

  it("doesn't let a redrive of many push others aside", () => {
    const engine = new Engine(open());
    bulk(engine, 300, { projectId: "failing" });
    for (const step of engine.claim(100)) engine.fail(step, { transient: false });
    for (const step of engine.claim(100)) engine.fail(step, { transient: false });
    for (const step of engine.claim(100)) engine.fail(step, { transient: false });
    engine.run({ type: "redrive", tenantId: "t1", filter: {}, limit: 500, audit });
    bulk(engine, 5, { projectId: "p2" });
    const first = engine.claim(10).map((step) => step.projectId);
    expect(first.filter((project) => project === "p2")).toHaveLength(5);
  });
});

describe.each(openStores)("serial keys with the store %s", (_, open) => {
  it("runs the jobs of a key one at a time, in order", () => {
    const engine = new Engine(open());
    const ids = [1, 9, 5].map((priority) => engine.submit({ serialKey: "s", priority }).jobId);
    for (const id of ids) {
      const steps = engine.claim(9);
      expect(steps.map((step) => step.jobId)).toEqual([id]);
      const [step] = steps;
      if (step !== undefined) engine.complete(step);
    }
  });

  it("holds the next one while one waits for its retry", () => {
    const engine = new Engine(open());
    engine.submit({ serialKey: "s" });
    const second = engine.submit({ serialKey: "s" });
    engine.fail(engine.claimOne(), { retryAfterMs: 10_000 });
    expect(engine.claim()).toEqual([]);
    expect(engine.view(second.jobId).reasonCode).toBe("blocked_dependency");
  });

  it("goes on after a failure when the policy says so", () => {
    const engine = new Engine(open());
    engine.submit({ serialKey: "s", serialPolicy: "continue" });
    const second = engine.submit({ serialKey: "s" });
    engine.fail(engine.claimOne(), { transient: false });
    expect(engine.claimOne().jobId).toBe(second.jobId);
  });

  it("blocks behind a failure until it is redriven, when the policy says so", () => {
    const engine = new Engine(open());
    const first = engine.submit({ serialKey: "s", serialPolicy: "block" });
    const second = engine.submit({ serialKey: "s", serialPolicy: "block" });
    engine.fail(engine.claimOne(), { transient: false });
    expect(engine.claim()).toEqual([]);
    engine.run({ type: "redrive", tenantId: "t1", jobIds: [first.jobId], audit });
    const again = engine.claimOne();
    expect(again.redriveOf).toBe(first.jobId);
    expect(engine.claim()).toEqual([]);
    engine.complete(again);
    expect(engine.claimOne().jobId).toBe(second.jobId);
  });

  it("lets an operator release what a failure blocks", () => {
    const engine = new Engine(open());
    engine.submit({ serialKey: "s", serialPolicy: "block" });
    const second = engine.submit({ serialKey: "s", serialPolicy: "block" });
    engine.fail(engine.claimOne(), { transient: false });
    const release = {
      type: "release_serial",
      tenantId: "t1",
      projectId: "p1",
      serialKey: "s",
      audit,
    } as const;
    expect(engine.run(release)).toEqual({ ok: true, changed: true });
    expect(engine.claimOne().jobId).toBe(second.jobId);
    expect(engine.run(release)).toEqual({ ok: true, changed: false });
  });
});

describe.each(openStores)("dependencies with the store %s", (_, open) => {
  it("starts a job when all it depends on have succeeded", () => {
    const engine = new Engine(open());
    const [a, b] = [engine.submit(), engine.submit()];
    const after = engine.submit({ dependsOn: [a.jobId, b.jobId], priority: 9 });
    expect(after.state).toBe("BLOCKED");
    for (const step of engine.claim(9)) engine.complete(step);
    expect(engine.claimOne().jobId).toBe(after.jobId);
  });

  it("doesn't wait for what has succeeded already", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit();
    engine.complete(engine.claimOne());
    expect(engine.submit({ dependsOn: [jobId] }).state).toBe("READY");
  });

  it("fails or skips a whole chain when its first job fails, however long", () => {
    const engine = new Engine(open());
    let previous = engine.submit().jobId;
    const chain: string[] = [];
    for (let i = 0; i < 300; i++) {
      const dependencyPolicy = i === 0 ? "skip" : "fail";
      previous = engine.submit({ dependsOn: [previous], dependencyPolicy }).jobId;
      chain.push(previous);
    }
    engine.fail(engine.claimOne(), { transient: false });
    for (let i = 0; i < 20; i++) engine.pass(1);
    expect(engine.view(chain[0] ?? "")).toMatchObject({
      status: "CANCELLED",
      reasonCode: "dependency_skipped",
    });
    expect(engine.view(chain[299] ?? "")).toMatchObject({
      status: "FAILED",
      reasonCode: "dependency_failed",
    });
  });

  it("refuses dependencies that are unknown, foreign or have failed", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit({ tenantId: "t2" });
    expect(engine.refused({ dependsOn: ["job_none"] })).toBe("jobs.unknown_job");
    expect(engine.refused({ dependsOn: [jobId] })).toBe("jobs.unknown_job");
    const own = engine.submit();
    engine.cancel(own.jobId);
    expect(engine.refused({ dependsOn: [own.jobId] })).toBe("jobs.already_ended");
  });
});
