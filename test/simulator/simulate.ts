import type { Command } from "../../src/modules/jobs/engine/commands.ts";
import type { Effect } from "../../src/modules/jobs/engine/effects.ts";
import { Checks } from "./checks.ts";
import { calm, chaosOf, type Faults } from "./faults.ts";
import { checkEnd } from "./final-checks.ts";
import { hashOf } from "./hash-of.ts";
import { Network } from "./network.ts";
import { call, callAgain, type Process } from "./process.ts";
import type { Sabotage } from "./sabotage.ts";
import { Scheduler } from "./scheduler.ts";
import { type Committed, SimObject } from "./sim-object.ts";
import { SimProvider } from "./sim-provider.ts";
import { type WorkerWorld, work } from "./sim-worker.ts";
import { Violation } from "./violation.ts";
import { type Cast, castOf, limitsOf, operationOf, submissionOf } from "./workload.ts";

const startAt = Date.UTC(2026, 10, 21, 3, 0, 0);
const chaosMs = 40 * 60_000;
const restMs = 8 * 3_600_000;
const cronMs = 60_000;
/** A worker that is free while something can be claimed must have claimed it after so many minutes of calm. */
const idleMinutes = 5;
const audit = { actor: "simulator" };

export interface Simulated {
  readonly seed: number;
  readonly violation: string | null;
  readonly commits: number;
  readonly jobs: number;
  readonly trace: readonly string[];
}

export interface SimulateOptions {
  readonly sabotage?: Sabotage;
  /** Keeps a line for everything that happens. */
  readonly traced?: boolean;
  /** Sees every commit. */
  readonly watch?: (commit: Committed) => void;
}

/** Runs the world of one seed to its rest, or to the first broken promise. */
export function simulate(seed: number, options: SimulateOptions = {}): Simulated {
  const world = new World(seed, options);
  try {
    world.run();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const kind = error instanceof Violation ? "" : "the engine threw: ";
    return world.result(`${kind}${error.message}`);
  }
  return world.result(null);
}

class World implements WorkerWorld {
  readonly scheduler: Scheduler;
  readonly sabotage: Sabotage | undefined;
  private readonly seed: number;
  private readonly trace: string[] = [];
  private readonly traced: boolean;
  private readonly watch: ((commit: Committed) => void) | undefined;
  private readonly object: SimObject;
  private readonly network: Network;
  private readonly checks: Checks;
  private readonly cast: Cast;
  private readonly chaos: Faults;
  private readonly providers: Readonly<Record<string, SimProvider>>;
  private readonly known = new Map<string, string[]>();
  private readonly queue: { lane: string; tenantId: string }[] = [];
  private isCalm = false;
  private busy = 0;
  private started = 0;
  private commits = 0;
  private claims = 0;
  /** Half of the worlds must come to rest without the watchdog. */
  private readonly alarmsAlone: boolean;
  /** How far the clock of the object was set back at the end of the chaos: leases last that much longer. */
  private setBackMinutes = 0;
  private idle = { claims: 0, minutes: 0 };

  constructor(seed: number, { sabotage, traced = false, watch }: SimulateOptions) {
    this.seed = seed;
    this.sabotage = sabotage;
    this.traced = traced;
    this.watch = watch;
    this.scheduler = new Scheduler(seed, startAt);
    this.object = new SimObject(this);
    this.network = new Network(this);
    this.checks = new Checks(() => this.object.store);
    this.alarmsAlone = this.scheduler.chance(0.5);
    this.cast = castOf(this.scheduler);
    this.chaos = chaosOf(this.scheduler.random);
    this.providers = {
      openai: new SimProvider(this.scheduler.between(4, 60)),
      anthropic: new SimProvider(this.scheduler.between(4, 60)),
    };
  }

  run(): void {
    for (const tenantId of this.cast.tenants) {
      this.known.set(tenantId, []);
      const limits = limitsOf(this.scheduler);
      this.network.spawn(callAgainForEver({ type: "set_limits", tenantId, limits, audit }), false);
    }
    this.planWorkload();
    this.cron();
    const { scheduler } = this;
    scheduler.run(startAt + chaosMs, () => false);
    this.beCalm();
    const ended = () => this.isCalm && this.commits > 0 && this.allEnded();
    scheduler.run(startAt + chaosMs + restMs, ended);
    checkEnd(this.object.store, this.checks.acceptedIds);
  }

  result(violation: string | null): Simulated {
    const { seed, commits, trace } = this;
    return { seed, violation, commits, jobs: this.checks.acceptedIds.length, trace: trace };
  }

  receive(command: Command): unknown {
    return this.object.receive(command);
  }

  faults(): Faults {
    return this.isCalm ? calm : this.chaos;
  }

  committed(commit: Committed): void {
    this.commits += 1;
    const { command, decision } = commit;
    if (command.type === "claim" && "steps" in decision.reply) this.claims += decision.reply.steps.length;
    const quiet = command.type === "tick" && decision.events.length === 0;
    if (this.traced && !quiet) {
      this.log(`${JSON.stringify(command)} -> ${JSON.stringify(decision.reply)}`);
      for (const event of decision.events)
        this.log(`    ${event.jobId} ${event.type} ${JSON.stringify(event.data)}`);
    }
    this.watch?.(commit);
    this.checks.committed(commit);
  }

  /** Permits go to a queue that may lose, repeat, delay and reorder them. */
  deliver(effect: Effect): void {
    if (effect.kind !== "permit") return;
    const { scheduler } = this;
    const { loss, duplicate, maxDelayMs } = this.faults();
    for (let i = 0; i < effect.count; i++) {
      if (scheduler.chance(loss)) continue;
      const copies = scheduler.chance(duplicate) ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) {
        scheduler.after(scheduler.between(1, maxDelayMs), () => {
          this.queue.push({ lane: effect.lane, tenantId: effect.tenantId });
          this.pump();
        });
      }
    }
  }

  log(line: string): void {
    if (!this.traced) return;
    this.trace.push(`${((this.scheduler.now - startAt) / 1000).toFixed(3)}s ${line}`);
    if (this.trace.length > 4000) this.trace.shift();
  }

  isPoison(jobId: string, unit: number): boolean {
    const jobChance = hashOf(`${jobId}!`);
    return jobChance < 0.08 && hashOf(`${jobId}#${unit}`) < 0.2;
  }

  provider(jobId: string): SimProvider | undefined {
    const name = this.object.store.findJob(jobId)?.spec.needs?.provider;
    return name === undefined ? undefined : this.providers[name];
  }

  /** Never more than was estimated, so that budgets must hold to the last micro. */
  costOf(jobId: string): number {
    const estimate = this.object.store.findJob(jobId)?.spec.unitMicros ?? 0;
    return Math.floor(estimate * this.scheduler.random());
  }

  private planWorkload(): void {
    const { scheduler, cast } = this;
    for (let i = 0; i < cast.jobs; i++) {
      scheduler.after(scheduler.between(0, chaosMs * 0.8), () => this.submitSomething());
    }
    for (let i = 0; i < scheduler.between(0, 10); i++) {
      scheduler.after(scheduler.between(0, chaosMs), () => {
        const tenantId = scheduler.pick(cast.tenants);
        const command = operationOf(scheduler, tenantId, this.known.get(tenantId) ?? []);
        if (command !== null) this.network.spawn(callOnce(command), false);
      });
    }
    if (scheduler.chance(this.chaos.clockJump)) {
      scheduler.after(scheduler.between(0, chaosMs), () => this.jump(scheduler.between(-120_000, 900_000)));
    }
    if (scheduler.chance(0.2)) {
      const provider = this.providers.openai;
      const downMs = scheduler.between(60_000, 600_000);
      scheduler.after(scheduler.between(0, chaosMs), () => {
        if (provider !== undefined) provider.downUntil = scheduler.now + downMs;
      });
    }
  }

  private submitSomething(): void {
    const { scheduler, cast } = this;
    const tenantId = scheduler.pick(cast.tenants);
    const known = this.known.get(tenantId) ?? [];
    const item = submissionOf(scheduler, cast, tenantId, known, this.object.now);
    const repeated = scheduler.chance(0.2) && item.idempotency !== undefined;
    const submit = function* (): Process {
      const reply = yield* callAgain(
        { type: "submit", items: [item] },
        item.idempotency === undefined ? 1 : 5,
      );
      for (const result of reply?.results ?? []) if (result.ok) known.push(result.jobId);
    };
    this.network.spawn(submit(), false);
    if (repeated) this.network.spawn(submit(), false);
  }

  /** Faults stop, pauses and budgets are lifted; what was accepted must come to an end now. */
  private beCalm(): void {
    this.isCalm = true;
    this.setBackMinutes = Math.ceil(Math.max(0, this.object.now - this.scheduler.now) / 60_000);
    this.jump(0);
    for (const provider of Object.values(this.providers)) provider.downUntil = 0;
    this.lift();
    this.scheduler.after(60_000, () => this.lift());
  }

  /** Twice, since an operation of the chaos may still be under way. */
  private lift(): void {
    for (const tenantId of this.cast.tenants) {
      const { budget: _, ...limits } = limitsOf(this.scheduler);
      this.network.spawn(callOnce({ type: "set_limits", tenantId, limits, audit }), false);
      for (const scope of [
        { kind: "provider", name: "openai" },
        { kind: "project", name: "prj_1" },
        { kind: "lane", name: "fast" },
        { kind: "tenant", name: tenantId },
      ] as const) {
        this.network.spawn(callOnce({ type: "resume", scope: { tenantId, ...scope }, audit }), false);
      }
    }
  }

  private jump(skewMs: number): void {
    this.object.jump(skewMs);
    this.checks.clockJumped();
  }

  private cron(): void {
    this.scheduler.after(cronMs, () => {
      const watchdog = this.sabotage !== "permit renewal" && !(this.isCalm && this.alarmsAlone);
      if (watchdog) this.network.spawn(callOnce({ type: "tick" }), false);
      if (this.isCalm) this.watchIdleness();
      this.cron();
    });
  }

  private watchIdleness(): void {
    const { queues } = this.object.store.readHot();
    const claimable = Object.values(queues).some((use) => use.refused === undefined && use.steps > 0);
    const waits = claimable && this.busy === 0 && this.queue.length === 0 && this.claims === this.idle.claims;
    this.idle = { claims: this.claims, minutes: waits ? this.idle.minutes + 1 : 0 };
    if (this.idle.minutes <= idleMinutes + this.setBackMinutes) return;
    throw new Violation(`workers are free and nothing of this is claimed: ${JSON.stringify(queues)}`);
  }

  private allEnded(): boolean {
    const finals = ["SUCCEEDED", "FAILED", "DEAD", "EXPIRED", "CANCELLED"];
    if (this.commits % 8 !== 0) return false;
    const { store } = this.object;
    return store.allJobIds().every((id) => finals.includes(store.findJob(id)?.state ?? ""));
  }

  private pump(): void {
    while (this.busy < this.cast.workers) {
      const message = this.queue.shift();
      if (message === undefined) return;
      this.busy += 1;
      this.started += 1;
      this.network.spawn(work(this, `w${this.started}`, message.lane, message.tenantId), true, () => {
        this.busy -= 1;
        this.pump();
      });
    }
  }
}

function* callOnce(command: Command): Process {
  yield* call(command);
}

function* callAgainForEver(command: Command): Process {
  yield* callAgain(command, 100);
}
