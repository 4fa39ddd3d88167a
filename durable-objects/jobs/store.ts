import type { Json } from "../../src/kernel/json.ts";
import type { ChunkRow, JobRow, JobSpec } from "../../src/modules/jobs/engine/job-row.ts";
import {
  type HotState,
  type JobStore,
  type KeyUse,
  type Link,
  newHotState,
  type StoredEvent,
} from "../../src/modules/jobs/engine/job-store.ts";
import { type Config, emptyConfig } from "../../src/modules/jobs/engine/limits.ts";
import { EventLog } from "./event-log.ts";
import { bodyText, rowOf } from "./row-text.ts";
import type { Sql, SqlValue } from "./sql.ts";

type Columns = Pick<JobRow, "queue" | "rank" | "due">;

interface JobColumns extends Columns, Record<string, SqlValue> {
  readonly id: string;
  readonly seq: number;
  readonly spec: string;
  readonly body: string;
}

type Stored = Columns & Pick<JobRow, "spec">;

const columns = "id, seq, queue, rank, due, spec, body";
/** Rows of running and just ended jobs that stay in memory: their worker and the read model ask for them next. */
const warmRows = 1_000;
/** Rows of `job_state`. */
const hotState = 1;
const configState = 2;

/**
 * The job store over an object's SQLite. Statements are few and constant, so they stay prepared. Counters, limits and
 * the rows of running jobs are also kept as they were last written; `forget` them when a transaction was rolled back.
 */
export class SqlJobStore implements JobStore {
  readonly #sql: Sql;
  readonly #events: EventLog;
  /** Rows' columns as they are stored: an index is only written when its columns change. */
  readonly #stored = new WeakMap<JobRow, Stored>();
  readonly #warm = new Map<string, JobRow>();
  #hot: HotState | undefined;
  #config: Config | undefined;

  constructor(sql: Sql) {
    this.#sql = sql;
    this.#events = new EventLog(sql);
  }

  /** Drops what is in memory. */
  forget(): void {
    this.#warm.clear();
    this.#hot = undefined;
    this.#config = undefined;
  }

  /** Handed out once and kept again when it is written, so that nobody shares it. */
  readHot(): HotState {
    const hot = this.#hot ?? this.#readState(hotState) ?? newHotState();
    this.#hot = undefined;
    return hot;
  }

  writeHot(hot: HotState): void {
    this.#writeState(hotState, hot);
    this.#hot = hot;
  }

  readConfig(): Config {
    this.#config ??= this.#readState(configState) ?? emptyConfig;
    return this.#config;
  }

  writeConfig(config: Config): void {
    this.#writeState(configState, config);
    this.#config = config;
  }

  findJob(id: string): JobRow | undefined {
    const warm = this.#warm.get(id);
    this.#warm.delete(id);
    return warm ?? this.#jobs(`select ${columns} from jobs where id = ?`, id)[0];
  }

  /** A job to look at, not to change. */
  viewJob(id: string): Readonly<JobRow> | undefined {
    return this.#warm.get(id) ?? this.findJob(id);
  }

  insertJob(job: JobRow): void {
    const { id, seq, spec, queue, rank, due } = job;
    this.#sql.exec(
      `insert into jobs (${columns}) values (?, ?, ?, ?, ?, ?, ?)`,
      ...[id, seq, queue, rank, due, JSON.stringify(spec), bodyText(job)],
    );
    this.#stored.set(job, { queue, rank, due, spec });
  }

  updateJob(job: JobRow, withSpec: boolean): void {
    const { id, seq, spec, queue, rank, due } = job;
    const text = bodyText(job);
    if (withSpec) this.#sql.exec("update jobs set spec = ? where seq = ?", JSON.stringify(spec), seq);
    const before = this.#stored.get(job);
    const sameQueue = before !== undefined && before.queue === queue && before.rank === rank;
    const sameDue = before !== undefined && before.due === due;
    if (sameQueue && sameDue) {
      this.#sql.exec("update jobs set body = ? where seq = ?", text, seq);
    } else if (sameQueue) {
      this.#sql.exec("update jobs set body = ?, due = ? where seq = ?", text, due, seq);
    } else if (sameDue) {
      this.#sql.exec("update jobs set body = ?, queue = ?, rank = ? where seq = ?", text, queue, rank, seq);
    } else {
      const set = "update jobs set body = ?, queue = ?, rank = ?, due = ? where seq = ?";
      this.#sql.exec(set, text, queue, rank, due, seq);
    }
    const isWhole = withSpec || before?.spec === spec;
    this.#warm.delete(id);
    this.#stored.delete(job);
    if (!isWhole) return;
    this.#stored.set(job, { queue, rank, due, spec });
    this.#keepWarm(job);
  }

  deleteJob(id: string): void {
    this.#warm.delete(id);
    this.#sql.exec("delete from jobs where id = ?", id);
    this.#sql.exec("delete from payloads where job_id = ?", id);
    this.#sql.exec("delete from closed_chunks where job_id = ?", id);
  }

  heads(queue: string, limit: number): JobRow[] {
    const select = `select ${columns} from jobs where queue = ? order by rank, seq limit ?`;
    return this.#jobs(select, queue, limit);
  }

  dueJobs(now: number, limit: number): JobRow[] {
    return this.#jobs(`select ${columns} from jobs where due <= ? order by due limit ?`, now, limit);
  }

  firstDue(): number | null {
    const select = "select due from jobs where due is not null order by due limit 1";
    return this.#first<{ due: number }>(select)?.due ?? null;
  }

  findPayload(jobId: string): Json | undefined {
    return this.#body<Json>("select body from payloads where job_id = ?", jobId);
  }

  writePayload(jobId: string, value: Json): void {
    const insert = "insert or replace into payloads (job_id, body) values (?, ?)";
    this.#sql.exec(insert, jobId, JSON.stringify(value));
  }

  findChunk(jobId: string, index: number): ChunkRow | undefined {
    return this.#body<ChunkRow>("select body from closed_chunks where job_id = ? and idx = ?", jobId, index);
  }

  insertChunk(chunk: ChunkRow): void {
    const insert = "insert into closed_chunks (job_id, idx, body) values (?, ?, ?)";
    this.#sql.exec(insert, chunk.jobId, chunk.index, JSON.stringify(chunk));
  }

  chunks(jobId: string, afterIndex: number, limit: number): ChunkRow[] {
    const select = "select body from closed_chunks where job_id = ? and idx > ? order by idx limit ?";
    return this.#all<{ body: string }>(select, jobId, afterIndex, limit).map(
      ({ body }) => JSON.parse(body) as ChunkRow,
    );
  }

  addLink(key: string, seq: number, jobId: string): void {
    this.#sql.exec("insert or replace into links (list, seq, job_id) values (?, ?, ?)", key, seq, jobId);
  }

  removeLink(key: string, seq: number): void {
    this.#sql.exec("delete from links where list = ? and seq = ?", key, seq);
  }

  links(key: string, afterSeq: number, limit: number): Link[] {
    const select = "select seq, job_id from links where list = ? and seq > ? order by seq limit ?";
    return this.#all<{ seq: number; job_id: string }>(select, key, afterSeq, limit).map((row) => ({
      seq: row.seq,
      jobId: row.job_id,
    }));
  }

  findKey(key: string): KeyUse | undefined {
    return this.#body<KeyUse>("select body from key_uses where key = ?", key);
  }

  writeKey(key: string, use: KeyUse | null): void {
    if (use === null) {
      this.#sql.exec("delete from key_uses where key = ?", key);
      return;
    }
    const insert = "insert or replace into key_uses (key, body) values (?, ?)";
    this.#sql.exec(insert, key, JSON.stringify(use));
  }

  appendEvents(events: readonly StoredEvent[]): void {
    this.#events.append(events);
  }

  findEvent(seq: number): StoredEvent | undefined {
    return this.#events.find(seq);
  }

  eventsFrom(afterSeq: number, limit: number): StoredEvent[] {
    return this.#events.from(afterSeq, limit);
  }

  trimEvents(at: number, limit: number): number {
    return this.#events.trim(at, limit);
  }

  #keepWarm(job: JobRow): void {
    if (job.queue !== null) return;
    this.#warm.set(job.id, job);
    const [oldest] = this.#warm.keys();
    if (this.#warm.size > warmRows && oldest !== undefined) this.#warm.delete(oldest);
  }

  #readState<T>(id: number): T | undefined {
    return this.#body<T>("select body from job_state where id = ?", id);
  }

  #writeState(id: number, value: unknown): void {
    const write =
      "insert into job_state (id, body) values (?, ?) on conflict (id) do update set body = excluded.body";
    this.#sql.exec(write, id, JSON.stringify(value));
  }

  #jobs(select: string, ...bindings: SqlValue[]): JobRow[] {
    return this.#all<JobColumns>(select, ...bindings).map(({ id, seq, queue, rank, due, spec, body }) => {
      const job = rowOf({ id, seq, spec: JSON.parse(spec) as JobSpec, queue, rank, due }, body);
      this.#stored.set(job, { queue, rank, due, spec: job.spec });
      return job;
    });
  }

  #body<T>(select: string, ...bindings: SqlValue[]): T | undefined {
    const row = this.#first<{ body: string }>(select, ...bindings);
    return row === undefined ? undefined : (JSON.parse(row.body) as T);
  }

  #first<T extends Record<string, SqlValue>>(select: string, ...bindings: SqlValue[]): T | undefined {
    return this.#all<T>(select, ...bindings)[0];
  }

  #all<T extends Record<string, SqlValue>>(select: string, ...bindings: SqlValue[]): T[] {
    return this.#sql.exec<T>(select, ...bindings).toArray();
  }
}
