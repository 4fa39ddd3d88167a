import { seededRandom } from "../../src/kernel/random.ts";
import type { Command } from "../../src/modules/jobs/engine/commands.ts";
import { decide } from "../../src/modules/jobs/engine/decide.ts";
import type { Decision } from "../../src/modules/jobs/engine/decision.ts";
import type { Effect } from "../../src/modules/jobs/engine/effects.ts";
import { MemoryJobStore } from "../../src/modules/jobs/engine/memory-store.ts";
import type { ReplyOf } from "../../src/modules/jobs/engine/replies.ts";
import type { Faults } from "./faults.ts";
import { type Sabotage, sabotageCommand, sabotageStore } from "./sabotage.ts";
import type { Scheduler } from "./scheduler.ts";

export interface Committed {
  readonly command: Command;
  readonly decision: Decision<Command>;
  readonly now: number;
  /** Seed of the chance that the decision was given. */
  readonly chance: number;
}

/** What the object needs from the world around it. */
export interface Surroundings {
  readonly scheduler: Scheduler;
  readonly sabotage: Sabotage | undefined;
  faults(): Faults;
  /** Sees every commit, before anybody else does. */
  committed(commit: Committed): void;
  deliver(effect: Effect): void;
  log(line: string): void;
}

/**
 * The host of the engine as a Durable Object would be: one command a transaction, effects kept with the state and
 * sent afterwards until marked, one alarm. It may crash at every await; what was committed stays.
 */
export class SimObject {
  store = new MemoryJobStore();
  private readonly world: Surroundings;
  private outbox: { readonly id: number; readonly effects: readonly Effect[] }[] = [];
  private sent = 0;
  private life = 0;
  private skewMs = 0;
  private alarmAt: number | null = null;
  private relaying = false;
  private older: MemoryJobStore | undefined;

  constructor(world: Surroundings) {
    this.world = world;
  }

  get now(): number {
    return this.world.scheduler.now + this.skewMs;
  }

  /** Lets the clock of the object jump; 0 brings it back. */
  jump(skewMs: number): void {
    this.skewMs = skewMs;
    this.arm();
  }

  /**
   * Receives a command: undefined when the object crashed before it could answer. A crash may come before the commit
   * (nothing happened) or after it (it did).
   */
  receive<C extends Command>(command: C): ReplyOf<C> | undefined {
    const { scheduler } = this.world;
    const { objectCrash } = this.world.faults();
    if (scheduler.chance(objectCrash / 2)) {
      const fork = this.store.fork();
      decide(fork, command, this.now, () => 0.5);
      this.crash("before the commit");
      return undefined;
    }
    if (this.world.sabotage === "durable commits" && scheduler.chance(0.02)) this.older = this.store.fork();
    const decision = this.commit(command);
    if (scheduler.chance(objectCrash / 2)) {
      this.crash("after the commit");
      return undefined;
    }
    this.relay();
    return decision.reply;
  }

  private commit<C extends Command>(command: C): Decision<C> {
    const { sabotage, scheduler } = this.world;
    const handed = sabotageCommand(sabotage, this.store, command) as C;
    const store = sabotageStore(sabotage, this.store, scheduler.random);
    const { now } = this;
    const chance = Math.floor(scheduler.random() * 2 ** 32);
    const decision = decide(store, handed, now, seededRandom(chance));
    if (decision.effects.length > 0) {
      this.sent += 1;
      this.outbox.push({ id: this.sent, effects: decision.effects });
    }
    this.alarmAt = decision.wakeAt;
    this.world.committed({ command, decision, now, chance });
    this.arm();
    return decision;
  }

  /** Sends what is in the outbox, in order; a crash in between leaves it there, sent or not. */
  relay(): void {
    if (this.relaying || this.outbox.length === 0) return;
    this.relaying = true;
    const { scheduler } = this.world;
    const { life } = this;
    scheduler.after(scheduler.between(0, 20), () => {
      if (life !== this.life) return;
      this.relaying = false;
      const [first] = this.outbox;
      if (first === undefined) return;
      const { objectCrash } = this.world.faults();
      if (scheduler.chance(objectCrash / 2)) return this.crash("before a send");
      for (const effect of first.effects) this.world.deliver(effect);
      if (scheduler.chance(objectCrash / 2)) return this.crash("between send and mark");
      this.outbox = this.outbox.filter((entry) => entry.id !== first.id);
      this.relay();
    });
  }

  private arm(): void {
    const { alarmAt, life } = this;
    if (alarmAt === null || this.world.sabotage === "permit renewal") return;
    const wait = Math.max(1, alarmAt - this.now);
    this.world.scheduler.after(wait, () => {
      if (life !== this.life || this.alarmAt !== alarmAt || this.now < alarmAt) return;
      this.receive({ type: "tick" });
    });
  }

  private crash(where: string): void {
    this.world.log(`object crashes ${where}`);
    this.life += 1;
    this.relaying = false;
    if (this.older !== undefined) {
      this.store = this.older;
      this.older = undefined;
    }
    const { scheduler } = this.world;
    const { life } = this;
    scheduler.after(scheduler.between(10, 2_000), () => {
      if (life !== this.life) return;
      this.arm();
      this.relay();
    });
  }
}
