import { describe, expect, it } from "vitest";
import { deadLetters, inspectDead } from "../../../../../src/modules/jobs/engine/reading.ts";
import { audit, Engine, openStores } from "../../../../support/job-engine.ts";

const day = 86_400_000;

/** A job that failed for good. */
function dead(engine: Engine, item: Parameters<Engine["submit"]>[0] = {}): string {
  const { jobId } = engine.submit(item);
  engine.fail(engine.claimOne(), { code: "bad", transient: false });
  return jobId;
}

describe.each(openStores)("dead letters with the store %s", (_, open) => {
  it("redrives a job once, however often it is asked", () => {
    const engine = new Engine(open());
    const jobId = dead(engine);
    const first = engine.run({ type: "redrive", tenantId: "t1", jobIds: [jobId], audit });
    const second = engine.run({ type: "redrive", tenantId: "t1", jobIds: [jobId], audit });
    const again = first.ok ? first.items[0]?.redrivenAs : null;
    expect(second).toMatchObject({ items: [{ jobId, redrivenAs: again, existing: true }] });
    expect(engine.view(jobId)).toMatchObject({ state: "FAILED", redrivenAs: again });
    expect(engine.view(again ?? "")).toMatchObject({ redriveOf: jobId, state: "READY", attempt: 0 });
    expect(engine.claim(9).map((step) => step.jobId)).toEqual([again]);
    expect(engine.effectsOf("audit")).toMatchObject([
      { action: "jobs.job.redrive", entity: `job:${jobId}`, audit: { actor: "user_1" } },
    ]);
  });

  it("shows in a dry run what it would do, and does nothing", () => {
    const engine = new Engine(open());
    const jobId = dead(engine);
    const reply = engine.run({ type: "redrive", tenantId: "t1", filter: {}, dryRun: true, audit });
    expect(reply).toMatchObject({ ok: true, dryRun: true, items: [{ jobId, redrivenAs: null }] });
    expect(engine.claim(9)).toEqual([]);
    expect(engine.effectsOf("audit")).toEqual([]);
  });

  it("spreads a redrive of many over time, page by page", () => {
    const engine = new Engine(open());
    const ids = Array.from({ length: 5 }, () => dead(engine));
    const first = engine.run({ type: "redrive", tenantId: "t1", filter: {}, limit: 3, perMinute: 6, audit });
    if (!first.ok) throw new Error("refused");
    expect(first.items.map((item) => (item.runAt ?? 0) - engine.now)).toEqual([0, 10_000, 20_000]);
    const { after, nextStartAt } = first;
    const second = engine.run({
      type: "redrive",
      tenantId: "t1",
      filter: { open: true },
      ...(after !== null && { after }),
      startAt: nextStartAt,
      perMinute: 6,
      audit,
    });
    expect(second).toMatchObject({ after: null, items: [{ jobId: ids[3] }, { jobId: ids[4] }] });
    engine.passThrough(40_000);
    expect(engine.claim(9)).toHaveLength(5);
  });

  it("redrives with the fields that were edited, and leaves the dead job as it was", () => {
    const engine = new Engine(open());
    const jobId = dead(engine);
    const edits = { payload: { n: 2 }, priority: 9, maxAttempts: 7 };
    expect(engine.run({ type: "edit_dead", tenantId: "t1", jobId, edits, audit })).toMatchObject({
      ok: true,
    });
    expect(engine.effectsOf("audit")).toMatchObject([{ action: "jobs.job.update", entity: `job:${jobId}` }]);
    expect(engine.view(jobId)).toMatchObject({ state: "FAILED", priority: 5 });
    engine.run({ type: "redrive", tenantId: "t1", jobIds: [jobId], audit });
    expect(engine.claimOne()).toMatchObject({ payload: { value: { n: 2 } }, maxAttempts: 7 });
    const refused = engine.run({ type: "edit_dead", tenantId: "t1", jobId, edits, audit });
    expect(refused).toMatchObject({ ok: false, failure: { kind: "conflict" } });
  });

  it("carries a large payload over to the new series", () => {
    const engine = new Engine(open());
    const text = "가".repeat(4_000);
    const jobId = dead(engine, { payload: { text } });
    engine.run({ type: "redrive", tenantId: "t1", jobIds: [jobId], audit });
    expect(engine.claimOne().payload).toEqual({ value: { text } });
  });

  it("refuses to redrive what is alive or has succeeded, and counts the refusal", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit();
    const reply = engine.run({ type: "redrive", tenantId: "t1", jobIds: [jobId], audit });
    expect(reply).toMatchObject({ ok: false, failure: { code: "jobs.not_dead", data: { state: "READY" } } });
    expect(engine.store.readHot().refusedTransitions).toBe(1);
    const foreign = engine.run({ type: "redrive", tenantId: "t2", jobIds: [jobId], audit });
    expect(foreign).toMatchObject({ ok: false, failure: { kind: "not_found" } });
  });

  it("lists dead letters by filter and shows everything about one", () => {
    const engine = new Engine(open());
    const one = dead(engine, { projectId: "p1" });
    const two = dead(engine, { projectId: "p2", type: "GATE" });
    expect(deadLetters(engine.store, "t1", { projectId: "p2" }, 0, 9).items.map((job) => job.id)).toEqual([
      two,
    ]);
    expect(deadLetters(engine.store, "t1", { states: ["DEAD"] }, 0, 9).items).toEqual([]);
    const page = deadLetters(engine.store, "t1", {}, 0, 1);
    expect(page.items.map((job) => job.id)).toEqual([one]);
    expect(deadLetters(engine.store, "t1", {}, page.after ?? 0, 9).items.map((job) => job.id)).toEqual([two]);
    expect(inspectDead(engine.store, "t1", one)).toMatchObject({
      payloadValue: { n: 1 },
      lastErrors: [{ code: "bad", attempt: 1, workerId: "w1" }],
      edits: null,
    });
    expect(inspectDead(engine.store, "t2", one)).toBeNull();
  });

  it("keeps dead jobs thirty days at least and then removes them whole", () => {
    const engine = new Engine(open());
    engine.limits({ deadRetentionMs: 1 });
    const jobId = dead(engine, { idempotency: { route: "jobs", key: "k", bodyHash: "h" } });
    engine.pass(30 * day - 1);
    expect(engine.view(jobId).state).toBe("FAILED");
    engine.pass(1);
    expect(engine.store.findJob(jobId)).toBeUndefined();
    expect(deadLetters(engine.store, "t1", {}, 0, 9).items).toEqual([]);
    expect(engine.effectsOf("purged")).toMatchObject([{ tenantId: "t1", jobId }]);
  });

  it("keeps succeeded jobs for as long as the tenant says", () => {
    const engine = new Engine(open());
    engine.limits({ retentionMs: 2 * day });
    const { jobId } = engine.submit();
    engine.complete(engine.claimOne());
    engine.pass(2 * day - 1);
    expect(engine.view(jobId).state).toBe("SUCCEEDED");
    engine.pass(1);
    expect(engine.store.findJob(jobId)).toBeUndefined();
  });
});
