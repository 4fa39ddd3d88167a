import { openSession, type Session } from "../../src/context.ts";
import { AppError } from "../../src/kernel/problem.ts";
import { backoffMs } from "../../src/kernel/retry.ts";
import { dueRuns, type ScheduleRunsPage, type SchedulerEntry } from "../../src/modules/schedules/index.ts";
import type { Env } from "../../src/platform/env.ts";
import { isRunGoing, startScheduled, stopScheduled } from "../../src/reactions/scheduled-actions.ts";
import { BaseObject } from "../kit/base-object.ts";
import { schedulerSteps } from "./schema.ts";
import { type KeptEntry, type PendingRun, SchedulerStore } from "./store.ts";

const entriesPerRound = 200;
const runsPerRound = 50;
const keptRunsMs = 90 * 86_400_000;
const retry = { baseMs: 5_000, capMs: 300_000, maxAttempts: 8 };

/**
 * One a tenant: decides which runs of its schedules are due, keeps one row for each scheduled time, and starts each
 * once. Its name makes it the only one; an alarm that fires twice finds the rows of the first time.
 */
export class SchedulerObject extends BaseObject {
  readonly #store: SchedulerStore;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, schedulerSteps);
    this.#store = new SchedulerStore(ctx.storage.sql);
  }

  /** Takes or forgets a schedule. */
  async put(id: string, version: number, entry: SchedulerEntry | null): Promise<void> {
    if (version < this.#store.versionOf(id)) return;
    this.#store.put(id, version, entry, entry === null ? null : Date.now());
    await this.#arm();
  }

  /** The runs of a schedule, the newest first. */
  runs(scheduleId: string, before: number | null, limit: number): ScheduleRunsPage {
    return this.#store.runs(scheduleId, before, limit);
  }

  /** The watchdog's knock: sets the alarm to what is stored, whatever the platform has forgotten. */
  async rearm(): Promise<number | null> {
    await this.#arm();
    return this.ctx.storage.getAlarm();
  }

  protected override async wake(_reason: string, now: number): Promise<number | undefined> {
    const session = openSession(this.env, new Date(now), (work) => this.ctx.waitUntil(work));
    try {
      for (const kept of this.#store.due(now, entriesPerRound)) await this.#decide(session, kept, now);
      for (const run of this.#store.pending(now, runsPerRound)) await this.#start(session, run, now);
      this.#store.forgetRunsBefore(now - keptRunsMs);
    } finally {
      await session.db.close();
    }
    return this.#store.nextWakeAt() ?? undefined;
  }

  async #decide(session: Session, { entry, decidedUpTo }: KeptEntry, now: number): Promise<void> {
    const started = entry.policy.overlap === "allow" ? [] : this.#store.lastStarted(entry.id, 20);
    const going: { key: string; jobId: string }[] = [];
    for (const run of started) {
      if (await isRunGoing(session, this.tenantId, run.jobId)) going.push(run);
    }
    const decision = dueRuns(
      {
        jobId: entry.id,
        schedule: entry.schedule,
        policy: entry.policy,
        decidedUpTo,
        running: going.map(({ key }) => key),
      },
      now,
    );
    for (const { key, jobId } of going) {
      if (decision.stop.includes(key)) await stopScheduled(session, this.tenantId, jobId);
    }
    this.ctx.storage.transactionSync(() => {
      this.#store.addRuns(entry.id, decision.start, now);
      for (const dropped of decision.dropped) this.#store.addDropped(entry.id, dropped);
      this.#store.decided(entry.id, decision.decidedUpTo, decision.wakeAt);
    });
  }

  async #start(session: Session, run: PendingRun, now: number): Promise<void> {
    const kept = this.#store.find(run.scheduleId);
    if (kept === undefined) {
      this.#store.failed(run.key, "The schedule is gone.", null);
      return;
    }
    try {
      this.#store.started(run.key, await startScheduled(session, this.tenantId, kept.entry, run.key));
    } catch (error) {
      const reason = error instanceof AppError ? error.failure.detail : "Something failed on our side.";
      const again = !(error instanceof AppError) || error.retryable || error.kind === "limit_reached";
      const tries = run.attempts + 1;
      const nextTryAt =
        again && tries < retry.maxAttempts ? now + 1_000 + backoffMs(retry, tries, Math.random) : null;
      this.#store.failed(run.key, reason, nextTryAt);
      this.log(nextTryAt === null ? "error" : "warn", "a scheduled run could not start", {
        scheduleId: run.scheduleId,
        run: run.key,
        error,
      });
    }
  }

  async #arm(): Promise<void> {
    const at = this.#store.nextWakeAt();
    if (at === null) this.alarms.clear("due");
    else this.alarms.set("due", at);
    await this.alarms.arm();
  }
}
