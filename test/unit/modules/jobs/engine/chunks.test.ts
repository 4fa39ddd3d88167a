import { describe, expect, it } from "vitest";
import { chunkResults } from "../../../../../src/modules/jobs/engine/reading.ts";
import type { ClaimedStep } from "../../../../../src/modules/jobs/engine/replies.ts";
import { Engine, openStores } from "../../../../support/job-engine.ts";

/** Works like a worker that dies whenever it meets one of the bad units; returns the crashes it took. */
function workThrough(engine: Engine, bad: ReadonlySet<number>): number {
  let crashes = 0;
  for (let round = 0; round < 500; round++) {
    const [step] = engine.claim();
    if (step === undefined) {
      if (engine.wakeAt === null || engine.wakeAt > engine.now + 3_600_000) break;
      engine.pass(engine.wakeAt - engine.now);
      continue;
    }
    if (meets(step, bad)) {
      crashes += 1;
      engine.pass(60_000);
    } else {
      engine.complete(step, `ref-${step.chunk.index}`);
    }
  }
  return crashes;
}

function meets(step: ClaimedStep, bad: ReadonlySet<number>): boolean {
  const done = new Set(step.chunk.doneUnits);
  for (let unit = step.chunk.from; unit < step.chunk.to; unit++)
    if (bad.has(unit) && !done.has(unit)) return true;
  return false;
}

describe.each(openStores)("work units with the store %s", (_, open) => {
  it("cuts a job into chunks and asks for one finalize step at the end", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit({ units: 60 });
    const steps = engine.claim(10);
    expect(steps.map(({ chunk }) => [chunk.from, chunk.to])).toEqual([
      [0, 25],
      [25, 50],
      [50, 60],
    ]);
    for (const step of steps) engine.complete(step, `ref-${step.chunk.index}`);
    expect(engine.view(jobId)).toMatchObject({ status: "RUNNING", progress: { done: 60, total: 60 } });
    const last = engine.claimOne();
    expect(last).toMatchObject({ kind: "finalize", chunk: { doneUnits: [] } });
    expect(chunkResults(engine.store, "t1", jobId, -1, 9).map((chunk) => chunk.refs)).toEqual([
      ["ref-0"],
      ["ref-1"],
      ["ref-2"],
    ]);
    engine.complete(last, "run_1");
    expect(engine.view(jobId)).toMatchObject({ status: "SUCCEEDED", resultRef: "run_1" });
    expect(engine.effectsOf("finished")).toMatchObject([{ job: { id: jobId, resultRef: "run_1" } }]);
  });

  it("keeps within the job's own parallelism", () => {
    const engine = new Engine(open());
    engine.submit({ units: 100, chunkUnits: 10, maxParallel: 2 });
    const steps = engine.claim(10);
    expect(steps).toHaveLength(2);
    const [first] = steps;
    if (first !== undefined) engine.complete(first);
    expect(engine.claim(10)).toHaveLength(1);
  });

  it("finds the one bad case of five hundred: 499 are scored, one is an error", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit({ units: 500 });
    const crashes = workThrough(engine, new Set([237]));
    expect(engine.view(jobId)).toMatchObject({
      status: "SUCCEEDED",
      deadUnits: [237],
      progress: { total: 500, done: 499, failed: 1, skipped: 0 },
    });
    expect(crashes).toBeLessThanOrEqual(3 + 5 + 3);
    expect(engine.eventTypes(jobId)).toContain("job.unit_dead");
  });

  it("finds several bad cases, even neighbours", () => {
    const engine = new Engine(open());
    const bad = new Set([0, 1, 24, 60]);
    const { jobId } = engine.submit({ units: 75 });
    workThrough(engine, bad);
    expect(engine.view(jobId)).toMatchObject({ status: "SUCCEEDED", progress: { done: 71, failed: 4 } });
    expect([...engine.view(jobId).deadUnits].sort((a, b) => a - b)).toEqual([...bad]);
  });

  it("covers every unit exactly once in its closed chunks, after splits too", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit({ units: 40, chunkUnits: 20 });
    workThrough(engine, new Set([7, 33]));
    const marks = new Array<string>(40).fill("");
    for (const chunk of engine.store.chunks(jobId, -1, 99)) {
      if (chunk.kind === "finalize") continue;
      for (let i = chunk.from; i < chunk.to; i++) {
        const mark = chunk.marks[i - chunk.from] ?? "";
        if (mark !== "." && mark !== "-") marks[i] += mark;
      }
    }
    expect(
      marks.map((mark, unit) => (unit === 7 || unit === 33 ? mark === "p" : mark === "d")),
    ).not.toContain(false);
  });

  it("ends a job of one unit that kills its workers as poison", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit();
    expect(workThrough(engine, new Set([0]))).toBe(3);
    expect(engine.view(jobId)).toMatchObject({ state: "DEAD", reasonCode: "poison" });
  });

  it("ends a job whose finalize step loses its lease too often", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit({ units: 2 });
    engine.complete(engine.claimOne());
    for (let i = 0; i < 3; i++) {
      expect(engine.claimOne().kind).toBe("finalize");
      engine.pass(60_000);
    }
    expect(engine.view(jobId)).toMatchObject({
      state: "DEAD",
      reasonCode: "lease_lost",
      progress: { done: 2 },
    });
  });

  it("records a unit once, whatever later reports say", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit({ units: 3, chunkUnits: 3 });
    const { token } = engine.claimOne();
    const report = { type: "heartbeat", jobId, token, outcomes: { 0: "e" }, partRef: "a" } as const;
    expect(engine.run(report)).toMatchObject({ recorded: [0] });
    expect(engine.run({ ...report, outcomes: { 0: "d" } })).toMatchObject({ recorded: [] });
    engine.run({ type: "complete", jobId, token, outcomes: { 0: "d", 2: "s" } });
    expect(engine.view(jobId).progress).toEqual({ total: 3, done: 1, failed: 1, skipped: 1 });
  });

  it("closes a chunk whose worker died after it had reported every unit", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit({ units: 2, finalize: false });
    const { token } = engine.claimOne();
    engine.run({ type: "heartbeat", jobId, token, outcomes: { 0: "d", 1: "d" }, partRef: "all" });
    engine.pass(60_000);
    expect(engine.view(jobId)).toMatchObject({ status: "SUCCEEDED", progress: { done: 2 } });
  });

  it("keeps partial results when one chunk ends the job", () => {
    const engine = new Engine(open());
    const { jobId } = engine.submit({ units: 6, chunkUnits: 2 });
    const [one, two] = engine.claim(3);
    if (one === undefined || two === undefined) throw new Error("two chunks were expected");
    engine.complete(one, "ref-0");
    engine.fail(two, { transient: false, code: "bad" });
    expect(engine.view(jobId)).toMatchObject({ status: "FAILED", progress: { done: 2, total: 6 } });
    expect(engine.claim(9)).toEqual([]);
    expect(engine.store.readHot().tenants.t1?.inFlight ?? 0).toBe(0);
  });
});
