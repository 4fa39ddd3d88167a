import { openSession, type Session } from "../../src/context.ts";
import { AppError } from "../../src/kernel/problem.ts";
import { backoffMs } from "../../src/kernel/retry.ts";
import {
  type ClockPlan,
  keepPoll,
  type PollEntry,
  type PollNote,
  type PollTask,
  type PollView,
  runsId,
} from "../../src/modules/rules/index.ts";
import { dueRuns, type ScheduleRunsPage, type SchedulerEntry } from "../../src/modules/schedules/index.ts";
import type { SettingValues } from "../../src/modules/settings/index.ts";
import { r2Blobs } from "../../src/platform/blob/r2.ts";
import { configOf } from "../../src/platform/config.ts";
import type { Env } from "../../src/platform/env.ts";
import { engineOf } from "../../src/platform/objects.ts";
import { operatorSettings } from "../../src/platform/operator-settings.ts";
import { isRunGoing, startScheduled, stopScheduled } from "../../src/reactions/scheduled-actions.ts";
import { BaseObject } from "../kit/base-object.ts";
import { PollClock } from "./poll-clock.ts";
import { planEntries } from "./rule-entries.ts";
import { schedulerSteps } from "./schema.ts";
import { type KeptEntry, type PendingRun, SchedulerStore } from "./store.ts";
import { Told } from "./told.ts";

const entriesPerRound = 200;
const runsPerRound = 50;
const keptRunsMs = 90 * 86_400_000;
const isOff = "The scheduler is off.";
const retry = { baseMs: 5_000, capMs: 300_000, maxAttempts: 8 };

/**
 * One a tenant: decides which runs of its schedules are due, keeps one row for each scheduled time, and starts each
 * once. Its name makes it the only one; an alarm that fires twice finds the rows of the first time.
 */
export class SchedulerObject extends BaseObject {
  readonly #store: SchedulerStore;
  readonly #told: Told;
  readonly #polls: PollClock;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, schedulerSteps);
    this.#store = new SchedulerStore(ctx.storage.sql);
    this.#told = new Told(ctx.storage);
    this.#polls = new PollClock({
      storage: ctx.storage,
      tenantId: () => this.tenantId,
      queue: env.POLL,
      settings: () => this.#settings(),
      fail: (entry, dueAt, intervalMs, detail) => this.#failPoll(entry, dueAt, intervalMs, detail),
    });
  }

  /** Replaces what is started for rules: runs of schedule rules and polls of metric rules. */
  async plan(plan: ClockPlan, generation: number): Promise<void> {
    const now = Date.now();
    this.ctx.storage.transactionSync(() => {
      if (!this.#told.take("rules", generation)) return;
      const { entries, gone } = planEntries(plan.runs, generation, this.#store.idsFrom(runsId("")), (id) =>
        this.#store.find(id),
      );
      for (const id of gone) this.#store.put(id, generation, null, null);
      for (const entry of entries) this.#store.put(entry.id, generation, entry, now);
      this.#polls.plan(plan.polls, now);
    });
    await this.#arm();
  }

  /** Learns what the tenant published of its settings. */
  async settle(version: number, published: Readonly<Record<string, boolean | number>>): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      if (this.#told.take("settings", version, published)) this.#polls.settle(Date.now());
    });
    await this.#arm();
  }

  /** How the polls of a rule do. */
  polls(ruleId: string): PollView[] {
    return this.#polls.views(ruleId);
  }

  /** Lets a consumer make the poll that waits longest; null when none may be made. */
  async nextPoll(): Promise<PollTask | null> {
    const task = await this.#polls.next(Date.now());
    await this.#arm();
    return task;
  }

  /** Takes a poll back that its consumer could not finish. */
  giveBackPoll(pollId: string, dueAt: number): void {
    this.#polls.giveBack(pollId, dueAt);
  }

  /** Notes how a poll went and lets those start that waited for it. */
  async reportPoll(pollId: string, note: PollNote, retryAfterMs: number): Promise<void> {
    const now = Date.now();
    this.#polls.report(pollId, note, retryAfterMs, now);
    await this.#polls.run(now);
    await this.#arm();
  }

  async #failPoll(entry: PollEntry, dueAt: number, intervalMs: number, detail: string): Promise<void> {
    const polled = { dueAt, intervalMs, result: { ok: false as const, detail } };
    for (const lineage of entry.lineages)
      await engineOf(this.env, this.tenantId).samples(lineage, dueAt, intervalMs, polled.result);
    await keepPoll(r2Blobs(this.env.BLOBS), this.tenantId, entry, polled, Date.now()).catch((error) =>
      this.log("warn", "poll not kept", { error }),
    );
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

  protected override async wake(reason: string, now: number): Promise<number | undefined> {
    if (reason === "poll") {
      await this.#polls.run(now);
      return this.#polls.nextWakeAt() ?? undefined;
    }
    await this.#runSchedules(now);
    return this.#store.nextWakeAt() ?? undefined;
  }

  async #runSchedules(now: number): Promise<void> {
    const isOn = this.#settings()["scheduler.enabled"];
    if (!isOn) this.#store.skipPending(isOff);
    const session = openSession(this.env, new Date(now), (work) => this.ctx.waitUntil(work));
    try {
      const skipped = isOn ? null : isOff;
      for (const kept of this.#store.due(now, entriesPerRound))
        await this.#decide(session, kept, now, skipped);
      for (const run of this.#store.pending(now, runsPerRound)) await this.#start(session, run, now);
      this.#store.forgetRunsBefore(now - keptRunsMs);
    } finally {
      await session.db.close();
    }
  }

  async #decide(
    session: Session,
    { entry, decidedUpTo }: KeptEntry,
    now: number,
    skipped: string | null,
  ): Promise<void> {
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
      if (skipped === null && decision.stop.includes(key)) await stopScheduled(session, this.tenantId, jobId);
    }
    this.ctx.storage.transactionSync(() => {
      this.#store.addRuns(entry.id, decision.start, now, skipped);
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
      this.#store.started(run.key, await startScheduled(session, this.tenantId, kept.entry, run));
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
    for (const [reason, at] of [
      ["due", this.#store.nextWakeAt()],
      ["poll", this.#polls.nextWakeAt()],
    ] as const) {
      if (at === null) this.alarms.clear(reason);
      else this.alarms.set(reason, at);
    }
    await this.alarms.arm();
  }

  #settings(): SettingValues {
    return this.#told.settings(operatorSettings(configOf(this.env)));
  }
}
