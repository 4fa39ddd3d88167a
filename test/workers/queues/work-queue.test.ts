import {
  createExecutionContext,
  createMessageBatch,
  evictDurableObject,
  getQueueResult,
} from "cloudflare:test";
import { and, eq } from "drizzle-orm";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { CaseResult } from "../../../contracts/runs.ts";
import { openD1 } from "../../../src/db/d1.ts";
import { ledgerTables } from "../../../src/db/ledger-tables.ts";
import { tenantKey } from "../../../src/kernel/ports/blob.ts";
import type { ClaimedStep } from "../../../src/modules/jobs/engine/replies.ts";
import { jobsOf, laneOf } from "../../../src/platform/objects.ts";
import worker from "../../../src/worker.ts";
import { bindings, newWorld, type World } from "../support/world.ts";

let world: World;
let dataset: string;
beforeAll(async () => {
  world = await newWorld();
  dataset = (await world.dataset(6)).id;
});
let jumpMs = 0;
const realNow = Date.now;
afterEach(() => {
  jumpMs = 0;
  vi.restoreAllMocks();
});

const audit = { actor: "system:test" };
const scope = () => ({ tenantId: world.tenantId, kind: "tenant" as const, name: world.tenantId });

/** Delivers messages of a queue to the Worker, each with its number of attempts. */
async function deliver(queue: string, bodies: readonly unknown[], attempts = 1) {
  const messages = bodies.map((body, n) => ({ id: `m${n}`, timestamp: new Date(), attempts, body }));
  const [batch, ctx] = [createMessageBatch(queue, messages), createExecutionContext()];
  await worker.queue(batch as MessageBatch, bindings, ctx);
  return getQueueResult(batch, ctx);
}

async function parked(queue: string, tenantId: string) {
  const db = openD1(bindings.DB);
  const { parked: table } = ledgerTables.of(db);
  return db
    .select()
    .from(table)
    .where(and(eq(table.queue, queue), eq(table.tenantId, tenantId)));
}

const permit = (permitId = `per_${crypto.randomUUID()}`) => ({
  tenantId: world.tenantId,
  lane: "fast",
  permitId,
});

/** A job whose first step is claimed by a worker of ours before any queue's message can be. */
async function claimFirst(json: Record<string, unknown>): Promise<{ jobId: string; step: ClaimedStep }> {
  const pause = { type: "pause", scope: scope(), reason: "test", audit } as const;
  await world.jobs.execute(world.tenantId, pause);
  const { id } = await world.submit(json);
  const { replies } = await world.jobs.execute(world.tenantId, {
    type: "batch",
    commands: [
      { type: "resume", scope: scope(), audit },
      { type: "claim", lane: "fast", max: 1, workerId: "wrk_mortal" },
    ],
  });
  const claimed = replies[1];
  const step = claimed !== undefined && "steps" in claimed ? claimed.steps[0] : undefined;
  if (step === undefined) throw new Error("nothing was claimed");
  expect(step.jobId).toBe(id);
  return { jobId: id, step };
}

/** Lets the clock jump beyond every lease, and the object look at it. */
async function passLeases(): Promise<void> {
  jumpMs += 61_000;
  vi.spyOn(Date, "now").mockImplementation(() => realNow() + jumpMs);
  await world.jobs.execute(world.tenantId, { type: "tick" });
}

describe("a message", () => {
  it("that can't be read is recorded and acknowledged, and the others of its batch are handled", async () => {
    const { id } = await world.submit({ dataset, metrics: ["exact_match"] });
    const bad = [null, "x", 7, [], {}, { tenantId: world.tenantId }, { ...permit(), permitId: "" }];
    const result = await deliver("maru-work-fast", [...bad, permit()]);
    expect(result.explicitAcks).toHaveLength(bad.length + 1);
    expect(result.retryMessages).toEqual([]);
    const mine = await parked("maru-work-fast", world.tenantId);
    expect(mine).toHaveLength(2);
    for (const { reason } of mine) expect(reason).toMatch(/^unreadable: /);
    expect((await parked("maru-work-fast", "platform")).length).toBeGreaterThanOrEqual(5);
    expect(await world.ended(id)).toMatchObject({ status: "SUCCEEDED" });
  });

  it("that comes twice, late or for nothing changes nothing", async () => {
    const { id } = await world.submit({ dataset, metrics: ["exact_match"] });
    const twice = permit();
    const results = await Promise.all([
      deliver("maru-work-fast", [twice, twice, permit()]),
      deliver("maru-work-fast", [twice]),
      deliver("maru-work-llm", [{ ...twice, lane: "llm" }]),
      deliver("maru-work-bulk", [{ ...twice, lane: "bulk" }]),
    ]);
    expect(results.flatMap(({ explicitAcks }) => explicitAcks)).toHaveLength(6);
    const done = await world.ended(id);
    expect(done).toMatchObject({ status: "SUCCEEDED", attempt: 1, progress: { done: 6 } });
    expect(await world.cases(done.resultRef ?? "")).toHaveLength(6);
    const unknown = { ...permit(), tenantId: "ten_00000000000000000000000000" };
    expect((await deliver("maru-work-fast", [unknown])).explicitAcks).toEqual(["m0"]);
  });

  it("that the platform gave up comes back through the dead queue, and its work is not lost", async () => {
    const given = permit();
    const result = await deliver("maru-work-dead", [given, "garbage"]);
    expect(result.explicitAcks.sort()).toEqual(["m0", "m1"]);
    expect(await parked("maru-work-dead", "platform")).toMatchObject([{ body: "garbage" }]);
  });

  it("of a queue that there isn't is left to the platform", async () => {
    await expect(deliver("maru-work-nonsense", [permit()])).rejects.toThrow("no queue of the catalogue");
  });

  it("is known by its queue's name in any environment", async () => {
    const messages = [{ id: "m0", timestamp: new Date(), attempts: 1, body: permit() }];
    const [batch, ctx] = [createMessageBatch("maru-work-fast-test", messages), createExecutionContext()];
    await worker.queue(batch as MessageBatch, bindings, ctx);
    expect((await getQueueResult(batch, ctx)).explicitAcks).toEqual(["m0"]);
  });
});

describe("a worker that dies", () => {
  // Each test moves the clock, which an object would never see go back.
  beforeEach(async () => {
    world = await newWorld();
    dataset = (await world.dataset(6)).id;
  });

  it("before it wrote anything is replaced after its lease", async () => {
    const { jobId, step } = await claimFirst({ dataset, metrics: ["exact_match"] });
    expect(await world.job(jobId)).toMatchObject({ status: "RUNNING", progress: { done: 0 } });
    await passLeases();
    const done = await world.ended(jobId);
    expect(done).toMatchObject({ status: "SUCCEEDED", progress: { total: 6, done: 6 } });
    const types = (await world.jobEvents(jobId)).map(({ type }) => type);
    expect(types).toContain("job.lease_lost");
    const late = await world.jobs.execute(world.tenantId, {
      type: "complete",
      jobId,
      token: step.token,
      resultRef: "run_forged",
    });
    expect(late).toMatchObject({ ok: false });
    expect((await world.job(jobId)).resultRef).toBe(done.resultRef);
  });

  it("in the middle leaves what it finished, and only the rest is done again", async () => {
    const { jobId, step } = await claimFirst({ dataset, metrics: ["exact_match"] });
    const partRef = tenantKey(world.tenantId, "jobs", jobId, "part-by-hand.jsonl");
    const finished = [0, 1].map((index): CaseResult => resultByHand(index));
    await bindings.BLOBS.put(partRef, finished.map((result) => `${JSON.stringify(result)}\n`).join(""));
    const beat = await world.jobs.execute(world.tenantId, {
      type: "heartbeat",
      jobId,
      token: step.token,
      outcomes: { 0: "d", 1: "d" },
      partRef,
    });
    expect(beat).toMatchObject({ ok: true });
    expect(await world.job(jobId)).toMatchObject({ progress: { done: 2 } });
    await evictDurableObject(jobsOf(bindings, world.tenantId));
    await passLeases();
    const done = await world.ended(jobId);
    expect(done).toMatchObject({ status: "SUCCEEDED", progress: { total: 6, done: 6 } });
    const results: CaseResult[] = await world.cases(done.resultRef ?? "");
    expect(results.map(({ tags }) => tags.includes("by hand"))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(results.map(({ scores }) => scores["exact_match"]?.score)).toEqual([1, 0, 1, 0, 1, 0]);
  });

  it("again and again takes its job to the dead letters, not the whole tenant", async () => {
    const { jobId } = await claimFirst({ dataset, metrics: ["exact_match"], options: { maxCases: 1 } });
    for (let life = 0; life < 6; life++) {
      const pause = { type: "pause", scope: scope(), reason: "test", audit } as const;
      await world.jobs.execute(world.tenantId, pause);
      await passLeases();
      if ((await world.job(jobId)).finishedAt !== null) break;
      await world.jobs.execute(world.tenantId, {
        type: "batch",
        commands: [
          { type: "resume", scope: scope(), audit },
          { type: "claim", lane: "fast", max: 1, workerId: "wrk_mortal" },
        ],
      });
    }
    await world.jobs.execute(world.tenantId, { type: "resume", scope: scope(), audit });
    const dead = await world.ended(jobId);
    expect(dead).toMatchObject({ status: "FAILED", state: "DEAD", reasonCode: "poison" });
    const next = await world.submit({ dataset, metrics: ["exact_match"] });
    expect(await world.ended(next.id)).toMatchObject({ status: "SUCCEEDED" });
  });

  function resultByHand(index: number): CaseResult {
    const score = index === 0 ? 1 : 0;
    return {
      index,
      caseId: `q${index}`,
      repeat: 0,
      inputHash: "by-hand",
      referenceHash: "by-hand",
      tags: ["by hand"],
      scores: {
        exact_match: {
          status: "scored",
          score,
          reasonCode: "ok",
          evidence: [],
          judgeCalls: [],
          tokens: { input: 0, output: 0 },
          costMicros: 0,
        },
      },
    };
  }
});

describe("turns", () => {
  it("are all given back when the work is done", async () => {
    world = await newWorld();
    dataset = (await world.dataset(2)).id;
    const jobs = await Promise.all(
      Array.from({ length: 5 }, () => world.submit({ dataset, metrics: ["exact_match"] })),
    );
    for (const { id } of jobs) await world.ended(id);
    await vi.waitFor(async () => {
      expect(await laneOf(bindings, "fast").load()).toEqual({ out: 0, waiting: 0 });
    }, 10_000);
  });
});
