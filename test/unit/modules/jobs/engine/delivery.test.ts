import { describe, expect, it } from "vitest";
import { Engine, openStores } from "../../../../support/job-engine.ts";

describe.each(openStores)("delivery and leases with the store %s", (_, open) => {
  it("records the result of one of two workers that finish the same attempt", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit();
    const first = engine.claimOne("fast", "w1");
    engine.pass(60_000);
    const second = engine.claimOne("fast", "w2");
    expect(second.token).toBeGreaterThan(first.token);
    expect(engine.complete(second, "from-w2")).toMatchObject({ ok: true, state: "SUCCEEDED" });
    const late = engine.complete(first, "from-w1");
    expect(late).toMatchObject({ ok: false, failure: { kind: "conflict", code: "jobs.stale_lease" } });
    expect(engine.view(jobId)).toMatchObject({ status: "SUCCEEDED", resultRef: "from-w2" });
  });

  it("answers a completion again whose answer got lost", () => {
    const engine = new Engine(open());
    engine.submit();
    const step = engine.claimOne();
    engine.complete(step);
    expect(engine.complete(step)).toMatchObject({ ok: true, repeated: true, state: "SUCCEEDED" });
  });

  it("answers a repeated completion of one chunk of several", () => {
    const engine = new Engine(open());
    engine.submit({ units: 4, chunkUnits: 2 });
    const step = engine.claimOne();
    expect(engine.complete(step)).toMatchObject({ ok: true, recorded: [0, 1] });
    expect(engine.complete(step)).toMatchObject({ ok: true, repeated: true, recorded: [] });
  });

  it("settles and flags the cost of a late completion, once", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit({ unitMicros: 100 });
    const first = engine.claimOne();
    engine.pass(60_000);
    engine.complete(engine.claimOne("fast", "w2"), "ref", 90);
    engine.complete(first, "late", 70);
    engine.complete(first, "late", 70);
    expect(engine.view(jobId).costMicros).toBe(160);
    expect(engine.eventTypes(jobId).filter((type) => type === "job.late_result")).toHaveLength(1);
    expect(engine.store.readHot().tenants.t1?.budget).toMatchObject({ daySpent: 160, reserved: 0 });
  });

  it("refuses a token that was never given", () => {
    const engine = new Engine(open());
    engine.submit();
    const step = engine.claimOne();
    expect(engine.heartbeat({ ...step, token: step.token + 5 })).toMatchObject({ ok: false });
    expect(engine.heartbeat({ ...step, jobId: "job_unknown" })).toMatchObject({ ok: false });
  });

  it("keeps a lease for as long as it is extended", () => {
    const engine = new Engine(open());
    engine.submit();
    const step = engine.claimOne();
    for (let i = 0; i < 20; i++) {
      engine.pass(20_000);
      expect(engine.heartbeat(step)).toMatchObject({
        ok: true,
        cancel: false,
        leaseUntil: engine.now + 60_000,
      });
    }
    expect(engine.claim(1)).toEqual([]);
    expect(engine.complete(step)).toMatchObject({ ok: true });
  });

  it("accepts a heartbeat that comes a millisecond late, while nobody else has the chunk", () => {
    const engine = new Engine(open());
    engine.submit();
    const step = engine.claimOne();
    engine.now += 60_001;
    expect(engine.heartbeat(step)).toMatchObject({ ok: true });
  });

  it("refuses a heartbeat after the lease was taken away", () => {
    const engine = new Engine(open());
    engine.submit();
    const step = engine.claimOne();
    engine.pass(60_000);
    expect(engine.heartbeat(step)).toMatchObject({ ok: false, failure: { code: "jobs.stale_lease" } });
  });

  it("goes on with the units that are missing after a worker died", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit({ units: 5, chunkUnits: 5 });
    const { token } = engine.claimOne();
    engine.run({ type: "heartbeat", jobId, token, outcomes: { 0: "d", 1: "e" }, partRef: "part-1" });
    engine.pass(60_000);
    const again = engine.claimOne("fast", "w2");
    expect(again.chunk.doneUnits).toEqual([0, 1]);
    expect(engine.complete(again, "rest")).toMatchObject({ recorded: [2, 3, 4] });
    expect(engine.store.chunks(jobId, -1, 9)[0]).toMatchObject({ marks: "deddd", refs: ["part-1", "rest"] });
  });

  it("gives a released chunk to the next worker at once and holds nothing against it", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit({ units: 3, chunkUnits: 3 });
    const { token } = engine.claimOne();
    engine.run({ type: "release", jobId, token, outcomes: { 0: "d" }, partRef: "part" });
    const again = engine.claimOne("fast", "w2");
    expect(again).toMatchObject({ attempt: 1, chunk: { doneUnits: [0] } });
  });

  it("wakes in time for a lease that runs out", () => {
    const engine = new Engine(open());
    engine.submit();
    engine.claimOne();
    expect(engine.wakeAt).toBe(engine.now + 60_000);
  });
});
