import { openSession, type Session } from "../../src/context.ts";
import { problem } from "../../src/kernel/problem.ts";
import type { Command, DeadFilter } from "../../src/modules/jobs/engine/commands.ts";
import { decide } from "../../src/modules/jobs/engine/decide.ts";
import type { Decision } from "../../src/modules/jobs/engine/decision.ts";
import type { Effect, JobSnapshot } from "../../src/modules/jobs/engine/effects.ts";
import { heldKey } from "../../src/modules/jobs/engine/idempotency.rules.ts";
import {
  chunkResults,
  deadLetters,
  jobEvents,
  queueStats,
  viewJob,
} from "../../src/modules/jobs/engine/reading.ts";
import type { ReplyOf } from "../../src/modules/jobs/engine/replies.ts";
import { snapshotOf } from "../../src/modules/jobs/engine/snapshot.ts";
import type {
  DeadPage,
  EventsPage,
  JobInDetail,
  KeyedJob,
  ResultRefs,
} from "../../src/modules/jobs/index.ts";
import type { Env } from "../../src/platform/env.ts";
import { BaseObject } from "../kit/base-object.ts";
import { WaitingReaders } from "../kit/waiting-readers.ts";
import { Effects, effectSteps } from "./effects.ts";
import { jobSteps } from "./schema.ts";
import { sendEffects } from "./send-effects.ts";
import { SqlJobStore } from "./store.ts";
import { tenantsOf } from "./tenants-of.rules.ts";

const eventsPerPage = 500;
const chunksPerPage = 500;
const decisionsPerFlush = 100;
/** An alarm looks after effects that were not sent right after their decision. */
const effectsDelayMs = 2_000;
/** What only the read model waits for is gathered this long: a job's next states replace the ones before. */
const gatherMs = 100;

const isUrgent = ({ kind }: Effect): boolean => kind !== "index" && kind !== "finished" && kind !== "purged";

/**
 * The truth about a tenant's jobs. A command is decided, saved and answered in one transaction; what it leads to is
 * saved with it and sent afterwards until that succeeds. An alarm ticks when something is due.
 */
export class JobsObject extends BaseObject {
  readonly #store: SqlJobStore;
  readonly #effects: Effects;
  /** Streams that wait for the next event; after an eviction they ask again. */
  readonly #waiting = new WaitingReaders();
  #flushing: Promise<void> | undefined;
  #gathering: Promise<void> | undefined;
  #urgent = false;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, [...jobSteps, ...effectSteps]);
    this.#store = new SqlJobStore(ctx.storage.sql);
    this.#effects = new Effects(ctx.storage.sql, (jobId) => this.#snapshot(jobId));
  }

  /** Decides one command. */
  async execute<C extends Command>(command: C): Promise<ReplyOf<C>> {
    this.#mustBeOurs(command);
    const now = Date.now();
    const { reply, effects, wakeAt } = this.#decide(command, now);
    const known = this.alarms.all();
    const dueOf = (reason: string) =>
      known.find((due) => due.reason === reason)?.at ?? Number.POSITIVE_INFINITY;
    const effectsAt = effects.length > 0 ? now + effectsDelayMs : Number.POSITIVE_INFINITY;
    const tickAt = wakeAt ?? Number.POSITIVE_INFINITY;
    // An alarm that is too early ticks once for nothing, which costs less than rows written by every command.
    if (effectsAt < dueOf("effects")) this.alarms.set("effects", effectsAt);
    if (tickAt < dueOf("tick")) this.alarms.set("tick", tickAt);
    if (effectsAt < dueOf("effects") || tickAt < dueOf("tick")) await this.alarms.arm();
    return reply;
  }

  /** A job with its payload and the log of its attempts. */
  find(jobId: string): JobInDetail | null {
    const job = viewJob(this.#store, this.tenantId, jobId);
    const row = this.#store.findJob(jobId);
    if (job === null || row === undefined) return null;
    const { payload } = row.spec;
    const stored = payload.kind === "inline" ? payload.value : this.#store.findPayload(jobId);
    return { job, payload: payload.kind === "ref" ? { ref: payload.ref } : (stored ?? null), log: row.log };
  }

  /** The job that holds an idempotency key. */
  findByKey(scope: string): KeyedJob | null {
    const held = heldKey(this.#store, scope);
    const job = held && viewJob(this.#store, this.tenantId, held.jobId);
    return held && job && { job, bodyHash: held.bodyHash };
  }

  /** Events of a job after its `jobSeq`; waits for the next when there is none and the job is alive. */
  async events(jobId: string, afterSeq: number, waitMs: number): Promise<EventsPage | null> {
    const page = this.#eventsPage(jobId, afterSeq);
    if (page === null || page.ended || page.events.length > 0 || waitMs <= 0) return page;
    await this.#waiting.next(waitMs);
    return this.#eventsPage(jobId, afterSeq);
  }

  /** Where the results of a job's closed chunks are. */
  results(jobId: string, after: number): ResultRefs {
    const rows = chunkResults(this.#store, this.tenantId, jobId, after, chunksPerPage);
    const chunks = rows
      .filter(({ kind }) => kind === "work")
      .map(({ from, to, refs }) => ({ from, to, refs }));
    const last = rows.at(-1);
    return {
      chunks,
      after: last === undefined || rows.length < chunksPerPage ? null : last.index,
      deadUnits: viewJob(this.#store, this.tenantId, jobId)?.deadUnits ?? [],
    };
  }

  /** A page of dead letters. */
  dead(filter: DeadFilter, after: number, limit: number): DeadPage {
    return deadLetters(this.#store, this.tenantId, filter, after, limit);
  }

  protected override async wake(reason: string, now: number): Promise<number | undefined> {
    if (reason === "effects") {
      await this.#flush();
      return this.#effects.last() === null ? undefined : now + effectsDelayMs;
    }
    const { effects, wakeAt } = this.#decide({ type: "tick" }, now);
    if (effects.length > 0) this.alarms.sooner("effects", now + effectsDelayMs);
    return wakeAt ?? undefined;
  }

  /** Decides, saves what it leads to with it, and starts to send that. */
  #decide<C extends Command>(command: C, now: number): Decision<C> {
    const decision = this.#inTransaction(() => {
      const made = decide(this.#store, command, now, Math.random);
      this.#effects.add(made.effects);
      return made;
    });
    const { events, effects } = decision;
    if (events.length > 0) this.#waiting.wake();
    if (effects.some(isUrgent)) this.#urgent = true;
    if (effects.length > 0) this.ctx.waitUntil(this.#urgent ? this.#flush() : this.#gather());
    return decision;
  }

  #inTransaction<T>(work: () => T): T {
    try {
      return this.ctx.storage.transactionSync(work);
    } catch (error) {
      this.#store.forget();
      this.#effects.forget();
      throw error;
    }
  }

  #snapshot(jobId: string): JobSnapshot | null {
    const row = this.#store.viewJob(jobId);
    return row === undefined ? null : { ...snapshotOf(row), deadUnits: [...row.deadUnits] };
  }

  #eventsPage(jobId: string, afterSeq: number): EventsPage | null {
    const events = jobEvents(this.#store, this.tenantId, jobId, afterSeq, eventsPerPage);
    const row = this.#store.findJob(jobId);
    if (events === null || row === undefined) return null;
    const lastSeq = events.at(-1)?.jobSeq ?? afterSeq;
    return { events, ended: row.finishedAt !== null && lastSeq >= row.events };
  }

  /** Flushes a little later, once for all that gathers until then. */
  #gather(): Promise<void> {
    this.#gathering ??= scheduler.wait(gatherMs).then(() => {
      this.#gathering = undefined;
      return this.#flush();
    });
    return this.#gathering;
  }

  /** Sends what is pending, one sender at a time; what fails stays for the alarm. */
  #flush(): Promise<void> {
    this.#flushing ??= this.#send().then((sent) => {
      this.#flushing = undefined;
      // Decisions went on meanwhile; what only the read model waits for is gathered again.
      if (!sent || this.#effects.last() === null) return undefined;
      return this.#urgent ? this.#flush() : this.#gather();
    });
    return this.#flushing;
  }

  async #send(): Promise<boolean> {
    const session = openSession(this.env, new Date(), (work) => this.ctx.waitUntil(work));
    this.#urgent = false;
    const end = this.#effects.last() ?? 0;
    try {
      for (
        let pending = this.#effects.pending(decisionsPerFlush, end);
        pending !== null;
        pending = this.#effects.pending(decisionsPerFlush, end)
      ) {
        await sendEffects(session, this.tenantId, pending.effects);
        this.#effects.acknowledge(pending.upTo);
      }
      this.#gauge(session);
      if (this.#effects.last() === null) {
        this.alarms.clear("effects");
        await this.alarms.arm();
      }
      return true;
    } catch (error) {
      this.log("warn", "effects not sent yet", { error });
      return false;
    } finally {
      this.ctx.waitUntil(session.ports.meter.flush());
      await session.db.close();
    }
  }

  #gauge({ ports, now }: Session): void {
    const { queues, inFlight } = queueStats(this.#store, now.getTime());
    const waiting = queues.reduce((sum, queue) => sum + queue.jobs, 0);
    const depth = { QUEUED: waiting, RUNNING: inFlight };
    for (const [status, jobs] of Object.entries(depth)) {
      ports.meter.gauge("maru_job_queue_depth", jobs, { status, tenant_id: this.tenantId });
    }
  }

  #mustBeOurs(command: Command): void {
    const foreign = tenantsOf(command).find((tenantId) => tenantId !== this.tenantId);
    if (foreign !== undefined) {
      throw problem("internal", "jobs.wrong_object", "A command came to the object of another tenant.");
    }
  }
}
