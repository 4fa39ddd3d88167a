import { describe, expect, it } from "vitest";
import { Engine, openStores } from "../../../../support/job-engine.ts";

describe.each(openStores)("cancellation with the store %s", (_, open) => {
  it("ends a waiting job at once", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit();
    expect(engine.cancel(jobId)).toMatchObject({ ok: true, state: "CANCELLED" });
    expect(engine.claim()).toEqual([]);
    expect(engine.effectsOf("audit")).toMatchObject([{ action: "jobs.job.cancel" }]);
  });

  it("tells a running worker at its next heartbeat and keeps what it had", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit({ units: 4, chunkUnits: 4 });
    const { token } = engine.claimOne();
    engine.run({ type: "heartbeat", jobId, token, outcomes: { 0: "d" }, partRef: "part" });
    expect(engine.cancel(jobId)).toMatchObject({ ok: true, state: "CANCELLING" });
    expect(engine.view(jobId)).toMatchObject({ status: "RUNNING", reasonCode: "cancelling" });
    engine.pass(20_000);
    const beat = engine.run({ type: "heartbeat", jobId, token, outcomes: { 1: "d" }, partRef: "part-2" });
    expect(beat).toMatchObject({ ok: true, cancel: true });
    engine.run({ type: "release", jobId, token });
    expect(engine.view(jobId)).toMatchObject({ status: "CANCELLED", progress: { done: 2, total: 4 } });
    expect(engine.store.chunks(jobId, -1, 9)).toMatchObject([
      { marks: "dd..", refs: ["part", "part-2"], end: "abandoned" },
    ]);
  });

  it("tells a worker that asks for tokens", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit({ needs: { provider: "openai", requests: 1, tokens: 1 } });
    const { token } = engine.claimOne();
    engine.cancel(jobId);
    const reply = engine.run({ type: "take_tokens", jobId, token, requests: 1, tokens: 1 });
    expect(reply).toMatchObject({ granted: false, cancel: true });
  });

  it("ends by itself when the worker has died", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit();
    engine.claimOne();
    engine.cancel(jobId);
    engine.pass(60_000);
    expect(engine.view(jobId)).toMatchObject({ status: "CANCELLED", reasonCode: "cancelled" });
  });

  it("doesn't extend the lease of a worker that won't stop", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit();
    const step = engine.claimOne();
    engine.cancel(jobId);
    for (let i = 0; i < 3; i++) {
      engine.pass(20_000);
      engine.heartbeat(step);
    }
    expect(engine.view(jobId).status).toBe("CANCELLED");
  });

  it("wins over a completion that comes after it", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit();
    const step = engine.claimOne();
    engine.cancel(jobId);
    expect(engine.complete(step)).toMatchObject({ ok: true, state: "CANCELLED" });
    expect(engine.view(jobId)).toMatchObject({ status: "CANCELLED", progress: { done: 1 } });
  });

  it("is refused after a completion, with the state, and counted", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit();
    engine.complete(engine.claimOne());
    expect(engine.cancel(jobId)).toMatchObject({
      ok: false,
      failure: { kind: "conflict", code: "jobs.already_ended", data: { state: "SUCCEEDED" } },
    });
    expect(engine.store.readHot().refusedTransitions).toBe(1);
  });

  it("may be asked for twice while the job stops", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit();
    engine.claimOne();
    engine.cancel(jobId);
    expect(engine.cancel(jobId)).toMatchObject({ ok: true, state: "CANCELLING" });
    expect(engine.effectsOf("audit")).toHaveLength(1);
  });

  it("doesn't find another tenant's job", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit();
    expect(engine.cancel(jobId, "t2")).toMatchObject({ ok: false, failure: { kind: "not_found" } });
  });

  it("reaches children and their children, however many", () => {
    const engine = new Engine(open());
    const parent = engine.submit({ type: "PIPELINE", lane: "slow" });
    const [first] = engine.claim(1, "slow");
    const children = Array.from({ length: 2_300 }, () => ({
      tenantId: "t1",
      projectId: "p1",
      type: "EVALUATION" as const,
      lane: "fast",
      requestedBy: "u",
      parentId: parent.jobId,
    }));
    const reply = engine.run({ type: "submit", items: children });
    const child = reply.results[7]?.ok === true ? reply.results[7].jobId : "";
    const grandchild = engine.submit({ parentId: child });
    const running = engine.claimOne();
    engine.cancel(parent.jobId);
    for (let i = 0; i < 10; i++) engine.pass(1);
    expect(engine.heartbeat(running)).toMatchObject({ cancel: true });
    engine.complete(running);
    expect(engine.view(grandchild.jobId)).toMatchObject({
      status: "CANCELLED",
      reasonCode: "parent_cancelled",
    });
    expect(engine.claim(9)).toEqual([]);
    expect(first === undefined ? null : engine.heartbeat(first)).toMatchObject({ cancel: true });
  });

  it("refuses new children of a job that is being cancelled", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit();
    engine.claimOne();
    engine.cancel(jobId);
    expect(engine.refused({ parentId: jobId })).toBe("jobs.already_ended");
    expect(engine.refused({ parentId: "job_none" })).toBe("jobs.unknown_job");
  });
});
