import type { JobEvent } from "../../contracts/jobs.ts";
import { jobSteps } from "../../durable-objects/jobs/schema.ts";
import { SqlJobStore } from "../../durable-objects/jobs/store.ts";
import { seededRandom } from "../../src/kernel/random.ts";
import type { Command, Submission, WorkFailure } from "../../src/modules/jobs/engine/commands.ts";
import { decide } from "../../src/modules/jobs/engine/decide.ts";
import type { Effect, JobSnapshot } from "../../src/modules/jobs/engine/effects.ts";
import type { JobStore } from "../../src/modules/jobs/engine/job-store.ts";
import type { TenantLimits } from "../../src/modules/jobs/engine/limits.ts";
import { MemoryJobStore } from "../../src/modules/jobs/engine/memory-store.ts";
import { jobEvents, viewJob } from "../../src/modules/jobs/engine/reading.ts";
import type { ClaimedStep, ReplyOf, Submitted } from "../../src/modules/jobs/engine/replies.ts";
import { nodeSqlStorage } from "./node-sql-storage.ts";

/** 2026-11-21, a Saturday, at noon in Seoul. */
export const noon = Date.UTC(2026, 10, 21, 3, 0, 0);
export const audit = { actor: "user_1", requestId: "req_1" };

export const openStores: readonly (readonly [string, () => JobStore])[] = [
  ["in memory", () => new MemoryJobStore()],
  ["in SQLite", () => new SqlJobStore(nodeSqlStorage(jobSteps))],
];

/** The engine with a clock that only the test moves. */
export class Engine {
  readonly store: JobStore;
  now = noon;
  wakeAt: number | null = null;
  effects: Effect[] = [];
  readonly events: JobEvent[] = [];
  private readonly random: () => number;

  constructor(store: JobStore = new MemoryJobStore(), seed = 1) {
    this.store = store;
    this.random = seededRandom(seed);
  }

  run<C extends Command>(command: C): ReplyOf<C> {
    const decision = decide(this.store, command, this.now, this.random);
    this.wakeAt = decision.wakeAt;
    this.effects.push(...decision.effects);
    this.events.push(...decision.events);
    return decision.reply;
  }

  submit(item: Partial<Submission> = {}): Submitted {
    const [result] = this.run({ type: "submit", items: [aSubmission(item)] }).results;
    if (result?.ok !== true) throw new Error(`refused: ${JSON.stringify(result)}`);
    return result;
  }

  refused(item: Partial<Submission>): string {
    const [result] = this.run({ type: "submit", items: [aSubmission(item)] }).results;
    return result?.ok === false ? result.failure.code : `accepted as ${result?.state}`;
  }

  claim(max = 1, lane = "fast", workerId = "w1"): readonly ClaimedStep[] {
    return this.run({ type: "claim", lane, max, workerId }).steps;
  }

  claimOne(lane = "fast", workerId = "w1"): ClaimedStep {
    const [step] = this.claim(1, lane, workerId);
    if (step === undefined) throw new Error("nothing could be claimed");
    return step;
  }

  complete(step: ClaimedStep, resultRef = "ref", costMicros = 0) {
    const { jobId, token, chunk } = step;
    return this.run({ type: "complete", jobId, token, chunk: chunk.index, resultRef, costMicros });
  }

  fail(step: ClaimedStep, failure: Partial<WorkFailure> = {}) {
    const whole = { code: "network", message: "no route", transient: true, ...failure };
    return this.run({ type: "fail", jobId: step.jobId, token: step.token, failure: whole });
  }

  heartbeat(step: ClaimedStep) {
    return this.run({ type: "heartbeat", jobId: step.jobId, token: step.token });
  }

  cancel(jobId: string, tenantId = "t1") {
    return this.run({ type: "cancel", tenantId, jobId, audit });
  }

  limits(limits: TenantLimits, tenantId = "t1") {
    return this.run({ type: "set_limits", tenantId, limits, audit });
  }

  /** Moves the clock and ticks until nothing is due any more. */
  pass(ms: number): void {
    this.now += ms;
    for (let i = 0; i < 1_000 && this.run({ type: "tick" }).more; i++);
  }

  /** Moves the clock to each next wake-up until a time has passed. */
  passThrough(ms: number): void {
    const end = this.now + ms;
    for (let i = 0; i < 10_000; i++) {
      const next = this.wakeAt;
      if (next === null || next > end) break;
      this.now = Math.max(this.now, next);
      this.run({ type: "tick" });
    }
    this.pass(Math.max(0, end - this.now));
  }

  view(jobId: string, tenantId = "t1"): JobSnapshot {
    const job = viewJob(this.store, tenantId, jobId);
    if (job === null) throw new Error(`no job ${jobId}`);
    return job;
  }

  eventTypes(jobId: string): readonly string[] {
    return (jobEvents(this.store, "t1", jobId, 0, 1_000) ?? []).map((event) => event.type);
  }

  effectsOf<K extends Effect["kind"]>(kind: K): readonly Extract<Effect, { kind: K }>[] {
    return this.effects.filter((effect): effect is Extract<Effect, { kind: K }> => effect.kind === kind);
  }
}

export function aSubmission(item: Partial<Submission> = {}): Submission {
  return {
    tenantId: "t1",
    projectId: "p1",
    type: "EVALUATION",
    lane: "fast",
    requestedBy: "user_1",
    ...(item.payloadRef === undefined && { payload: { n: 1 } }),
    ...item,
  };
}
