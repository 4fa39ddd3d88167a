import type { ClaimedStep } from "../../src/modules/jobs/engine/replies.ts";
import type { Faults } from "./faults.ts";
import { call, callAgain, type Process, sleep } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";
import type { SimProvider } from "./sim-provider.ts";

export interface WorkerWorld {
  readonly scheduler: Scheduler;
  faults(): Faults;
  isPoison(jobId: string, unit: number): boolean;
  provider(jobId: string): SimProvider | undefined;
  /** What a unit of the job really costs this time. */
  costOf(jobId: string): number;
}

const heartbeatMs = 20_000;

/** What a worker knows of the chunk in its hands. */
interface Hand {
  readonly step: ClaimedStep;
  outcomes: Record<number, "d" | "e">;
  costMicros: number;
  requests: number;
  reportedAt: number;
}

type Turn = "go on" | "stop" | "dead";

/** One message of a queue: claim, work, report, and claim again for as long as there is something. */
export function* work(
  world: WorkerWorld,
  workerId: string,
  lane: string,
  tenantId: string | undefined,
): Process {
  let permits = tenantId === undefined ? {} : { [tenantId]: 1 };
  for (let round = 0; round < 6; round++) {
    const reply = yield* call({
      type: "claim",
      lane,
      max: world.scheduler.between(1, 3),
      workerId,
      permits,
    });
    permits = {};
    if (reply === undefined || reply.steps.length === 0) return;
    for (const step of reply.steps) {
      if ((yield* runStep(world, step)) === "dead") return;
    }
  }
}

function* runStep(world: WorkerWorld, step: ClaimedStep): Process<Turn> {
  const { scheduler } = world;
  const hand: Hand = { step, outcomes: {}, costMicros: 0, requests: 0, reportedAt: scheduler.now };
  const known = new Set(step.chunk.doneUnits);
  for (let unit = step.chunk.from; unit < step.chunk.to; unit++) {
    if (known.has(unit)) continue;
    if (world.isPoison(step.jobId, unit)) return "dead";
    const turn = yield* runUnit(world, hand, unit);
    if (turn !== "go on") return turn;
  }
  const result = `result-${step.jobId}-${step.chunk.index}-${step.token}`;
  yield* callAgain({ type: "complete", ...under(hand), outcomes: hand.outcomes, resultRef: result }, 3);
  return "go on";
}

function* runUnit(world: WorkerWorld, hand: Hand, unit: number): Process<Turn> {
  const { scheduler } = world;
  const faults = world.faults();
  if (world.provider(hand.step.jobId) !== undefined) {
    const turn = yield* callModel(world, hand);
    if (turn !== "go on") return turn;
  }
  const stalls = scheduler.chance(faults.stall);
  yield* sleep(stalls ? scheduler.between(60_000, 200_000) : scheduler.between(50, 9_000));
  hand.costMicros += world.costOf(hand.step.jobId);
  if (scheduler.chance(faults.permanent)) return yield* failWith(hand, "bad_request", false);
  if (scheduler.chance(faults.transient)) return yield* failWith(hand, "network", true);
  hand.outcomes[unit] = scheduler.chance(0.1) ? "e" : "d";
  if (scheduler.now - hand.reportedAt >= heartbeatMs) return yield* beat(hand, scheduler);
  return "go on";
}

function* callModel(world: WorkerWorld, hand: Hand): Process<Turn> {
  const { scheduler } = world;
  const { jobId, token } = hand.step;
  for (let tries = 0; tries < 40; tries++) {
    const taken = yield* call({ type: "take_tokens", jobId, token, requests: 1, tokens: 100 });
    if (taken !== undefined && !taken.ok) return "stop";
    if (taken?.granted === true) {
      hand.requests += 1;
      const answer = world.provider(jobId)?.call(scheduler.now);
      if (answer === undefined || answer.status === 200) return "go on";
      if (answer.status === 503) return yield* failWith(hand, "upstream", true);
      return yield* failLimited(hand, answer.retryAfterMs);
    }
    const waitMs = taken === undefined ? 1_000 : taken.waitMs;
    yield* sleep(Math.min(waitMs, 15_000));
    if (scheduler.now - hand.reportedAt >= heartbeatMs) {
      const turn = yield* beat(hand, scheduler);
      if (turn !== "go on") return turn;
    }
  }
  yield* callAgain({ type: "release", ...under(hand), outcomes: hand.outcomes, partRef: partOf(hand) }, 2);
  return "stop";
}

function* beat(hand: Hand, scheduler: Scheduler): Process<Turn> {
  const reply = yield* call({
    type: "heartbeat",
    ...under(hand),
    outcomes: hand.outcomes,
    partRef: partOf(hand),
  });
  hand.reportedAt = scheduler.now;
  if (reply === undefined) return "go on";
  if (!reply.ok) return "stop";
  hand.outcomes = {};
  if (!reply.cancel) return "go on";
  yield* callAgain({ type: "release", ...under(hand) }, 2);
  return "stop";
}

function* failWith(hand: Hand, code: string, transient: boolean): Process<Turn> {
  const failure = { code, message: `${code} happened`, transient };
  const report = { ...under(hand), failure, outcomes: hand.outcomes, partRef: partOf(hand) };
  yield* callAgain({ type: "fail", ...report }, 3);
  return "stop";
}

function* failLimited(hand: Hand, retryAfterMs: number): Process<Turn> {
  const failure = { code: "rate_limited", message: "429", transient: true, rateLimited: true, retryAfterMs };
  const report = { ...under(hand), failure, outcomes: hand.outcomes, partRef: partOf(hand) };
  yield* callAgain({ type: "fail", ...report }, 3);
  return "stop";
}

function under(hand: Hand) {
  const { jobId, token, chunk } = hand.step;
  return {
    jobId,
    token,
    chunk: chunk.index,
    costMicros: hand.costMicros,
    usage: { requests: hand.requests, tokens: hand.requests * 100 },
  };
}

function partOf(hand: Hand): string {
  return `part-${hand.step.jobId}-${hand.step.token}`;
}
