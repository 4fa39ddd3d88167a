import type {
  DroppedRuns,
  DueRun,
  ScheduleRun,
  ScheduleRunsPage,
  SchedulerEntry,
} from "../../src/modules/schedules/index.ts";

interface EntryRow extends Record<string, SqlStorageValue> {
  readonly id: string;
  readonly version: number;
  readonly body: string | null;
  readonly decidedUpTo: number;
}

export interface KeptEntry {
  readonly entry: SchedulerEntry;
  readonly decidedUpTo: number;
}

interface RunRow extends Record<string, SqlStorageValue> {
  readonly key: string;
  readonly scheduleId: string;
  readonly scheduledFor: number;
  readonly state: ScheduleRun["state"];
  readonly jobId: string | null;
  readonly attempts: number;
  readonly reason: string | null;
}

export type PendingRun = Pick<RunRow, "key" | "scheduleId" | "scheduledFor" | "attempts">;

const runColumns = `key, schedule_id as scheduleId, scheduled_for as scheduledFor, state, job_id as jobId, attempts, reason`;

/** What the scheduler keeps: its schedules, and one row for each (schedule, scheduled time). */
export class SchedulerStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  versionOf(id: string): number {
    return (
      this.#sql.exec<{ version: number }>("select version from entries where id = ?", id).toArray()[0]
        ?.version ?? 0
    );
  }

  /** Keeps or forgets a schedule. A forgotten one leaves its version, so that a late message can't bring it back. */
  put(id: string, version: number, entry: SchedulerEntry | null, wakeAt: number | null): void {
    this.#sql.exec(
      `insert into entries (id, version, body, decided_up_to, wake_at) values (?, ?, ?, ?, ?)
       on conflict (id) do update set version = excluded.version, body = excluded.body, wake_at = excluded.wake_at,
         decided_up_to = max(decided_up_to, excluded.decided_up_to)`,
      id,
      version,
      entry === null ? null : JSON.stringify(entry),
      entry?.from ?? 0,
      wakeAt,
    );
  }

  find(id: string): KeptEntry | undefined {
    return this.#kept(
      this.#sql
        .exec<EntryRow>(
          "select id, version, body, decided_up_to as decidedUpTo from entries where id = ?",
          id,
        )
        .toArray(),
    )[0];
  }

  due(now: number, limit: number): KeptEntry[] {
    return this.#kept(
      this.#sql
        .exec<EntryRow>(
          "select id, version, body, decided_up_to as decidedUpTo from entries where wake_at <= ? order by wake_at limit ?",
          now,
          limit,
        )
        .toArray(),
    );
  }

  decided(id: string, decidedUpTo: number, wakeAt: number | null): void {
    this.#sql.exec("update entries set decided_up_to = ?, wake_at = ? where id = ?", decidedUpTo, wakeAt, id);
  }

  /** Runs to start, each once: a run that is known already is left as it is. With `skipped` they are not to start. */
  addRuns(scheduleId: string, runs: readonly DueRun[], now: number, skipped: string | null): void {
    for (const { key, scheduledFor, dueAt } of runs) {
      this.#sql.exec(
        `insert into runs (key, schedule_id, scheduled_for, due_at, state, next_try_at, reason)
         values (?, ?, ?, ?, ?, ?, ?) on conflict (key) do nothing`,
        key,
        scheduleId,
        scheduledFor,
        dueAt,
        skipped === null ? "pending" : "skipped",
        skipped === null ? now : null,
        skipped,
      );
    }
  }

  /** Gives up every run that waits to be started or to be tried again. */
  skipPending(reason: string): void {
    this.#sql.exec(
      "update runs set state = 'skipped', reason = ?, next_try_at = null where next_try_at is not null",
      reason,
    );
  }

  /** The ids of what is kept and begins with a prefix. */
  idsFrom(prefix: string): string[] {
    return this.#sql
      .exec<{ id: string }>(
        "select id from entries where body is not null and id >= ? and id < ?",
        prefix,
        `${prefix}\uffff`,
      )
      .toArray()
      .map(({ id }) => id);
  }

  addDropped(scheduleId: string, { reason, from, to }: DroppedRuns): void {
    this.#sql.exec(
      `insert into runs (key, schedule_id, scheduled_for, due_at, state, reason) values (?, ?, ?, ?, 'dropped', ?)
       on conflict (key) do nothing`,
      `${scheduleId}/dropped/${from}-${to}`,
      scheduleId,
      to,
      to,
      from === to ? reason : `${reason}, from ${new Date(from).toISOString()}`,
    );
  }

  pending(now: number, limit: number): PendingRun[] {
    return this.#sql
      .exec<RunRow>(
        `select ${runColumns} from runs where next_try_at <= ? order by next_try_at, scheduled_for limit ?`,
        now,
        limit,
      )
      .toArray();
  }

  started(key: string, jobId: string | null): void {
    this.#sql.exec(
      "update runs set state = 'started', job_id = ?, next_try_at = null, attempts = attempts + 1 where key = ?",
      jobId,
      key,
    );
  }

  /** A run that could not start: tried again at `nextTryAt`, or given up when that is null. */
  failed(key: string, reason: string, nextTryAt: number | null): void {
    const state = nextTryAt === null ? "failed" : "pending";
    this.#sql.exec(
      "update runs set state = ?, reason = ?, next_try_at = ?, attempts = attempts + 1 where key = ?",
      state,
      reason,
      nextTryAt,
      key,
    );
  }

  /** The newest runs of a schedule that were started, for those that may be going. */
  lastStarted(scheduleId: string, limit: number): { readonly key: string; readonly jobId: string }[] {
    return this.#sql
      .exec<RunRow>(
        `select ${runColumns} from runs where schedule_id = ? and state = 'started' order by scheduled_for desc limit ?`,
        scheduleId,
        limit,
      )
      .toArray()
      .map(({ key, jobId }) => ({ key, jobId: jobId ?? "" }));
  }

  runs(scheduleId: string, before: number | null, limit: number): ScheduleRunsPage {
    const rows = this.#sql
      .exec<RunRow>(
        `select ${runColumns} from runs where schedule_id = ? and scheduled_for < ? order by scheduled_for desc limit ?`,
        scheduleId,
        before ?? Number.MAX_SAFE_INTEGER,
        limit + 1,
      )
      .toArray();
    const items = rows.slice(0, limit).map(({ scheduledFor, state, jobId, attempts, reason }) => ({
      scheduleId,
      scheduledFor: new Date(scheduledFor).toISOString(),
      state,
      jobId,
      attempts,
      reason,
    }));
    return { items, before: rows.length > limit ? (rows[limit - 1]?.scheduledFor ?? null) : null };
  }

  /** When something is due next: a schedule or a run that is to be tried. */
  nextWakeAt(): number | null {
    const { at } = this.#sql
      .exec<{ at: number | null }>(
        "select min(at) as at from (select min(wake_at) as at from entries union all select min(next_try_at) from runs)",
      )
      .one();
    return at;
  }

  forgetRunsBefore(at: number): void {
    this.#sql.exec("delete from runs where scheduled_for < ? and next_try_at is null", at);
  }

  #kept(rows: readonly EntryRow[]): KeptEntry[] {
    return rows.flatMap(({ body, decidedUpTo }) =>
      body === null ? [] : [{ entry: JSON.parse(body) as SchedulerEntry, decidedUpTo }],
    );
  }
}
