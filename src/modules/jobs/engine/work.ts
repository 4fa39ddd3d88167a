import type { JobEvent, JobEventType, JobState } from "../../../../contracts/jobs.ts";
import type { Json } from "../../../kernel/json.ts";
import { type Failure, problem } from "../../../kernel/problem.ts";
import type { Random } from "../../../kernel/random.ts";
import type { AuditInfo } from "./commands.ts";
import type { Effect } from "./effects.ts";
import type { JobRow, JobSpec } from "./job-row.ts";
import type { FlowUse, HotState, JobStore, KeyUse, ProviderUse, StoredEvent } from "./job-store.ts";
import type { Config } from "./limits.ts";
import { newProvider } from "./provider.rules.ts";
import { flowKeyOf, isClaimQueue, queuePartsOf } from "./queue-key.ts";
import { snapshotOf } from "./snapshot.ts";
import { claimableSteps, nextDue } from "./steps.rules.ts";
import { isRunning, mayMove } from "./transitions.rules.ts";

interface Loaded {
  readonly row: JobRow;
  isNew: boolean;
  dirty: boolean;
  withSpec: boolean;
  gone: boolean;
  reindex: boolean;
  /** What the stored row adds to its queue. */
  queue: string | null;
  steps: number;
}

/**
 * One transaction's view of the state. Rows are loaded once and written back together, counters once at the end, so
 * a command costs as few row writes as it has rows to change.
 */
export class Work {
  readonly store: JobStore;
  readonly now: number;
  readonly random: Random;
  readonly hot: HotState;
  readonly effects: Effect[] = [];
  config: Config;
  /** A queue has become empty, so a flow may have nothing to run any more. */
  hasIdleFlows = false;
  private readonly loaded = new Map<string, Loaded>();
  private readonly stored: StoredEvent[] = [];
  /** Queues that jobs have entered or left: their head may be another now. */
  private readonly moved = new Set<string>();

  constructor(store: JobStore, now: number, random: Random) {
    this.store = store;
    this.now = now;
    this.random = random;
    this.hot = store.readHot();
    this.config = store.readConfig();
  }

  get events(): readonly JobEvent[] {
    return this.stored.map(({ prev: _, ...event }) => event);
  }

  findJob(id: string): JobRow | undefined {
    const seen = this.loaded.get(id);
    if (seen !== undefined) return seen.gone ? undefined : seen.row;
    const row = this.store.findJob(id);
    return row === undefined ? undefined : this.adopt(row, false).row;
  }

  /** The first jobs of a queue. Changes made so far are written first, so that the store's order holds. */
  heads(queue: string, limit: number): JobRow[] {
    this.flushJobs();
    return this.store.heads(queue, limit).map((row) => this.known(row));
  }

  /** Whether jobs have entered or left the queue since this was asked before. */
  hasMoved(queue: string): boolean {
    return this.moved.delete(queue);
  }

  dueJobs(limit: number): JobRow[] {
    this.flushJobs();
    return this.store.dueJobs(this.now, limit).map((row) => this.known(row));
  }

  create(row: JobRow): void {
    const job = this.adopt(row, true);
    job.dirty = true;
    job.reindex = true;
  }

  /** Notes that a row was changed. */
  touch(job: JobRow): void {
    const seen = this.loaded.get(job.id);
    if (seen !== undefined) seen.dirty = true;
  }

  replaceSpec(job: JobRow, spec: JobSpec): void {
    job.spec = spec;
    const seen = this.loaded.get(job.id);
    if (seen === undefined) return;
    seen.dirty = true;
    seen.withSpec = true;
    seen.reindex = true;
  }

  remove(job: JobRow): void {
    const seen = this.loaded.get(job.id);
    if (seen !== undefined) seen.gone = true;
    this.store.deleteJob(job.id);
  }

  /** Sends the job's snapshot to the read model at the end of this transaction. */
  reindex(job: JobRow): void {
    const seen = this.loaded.get(job.id);
    if (seen !== undefined) seen.reindex = true;
  }

  emit(job: JobRow, type: JobEventType, data: Record<string, Json>): void {
    this.hot.eventSeq += 1;
    job.events += 1;
    this.stored.push({
      seq: this.hot.eventSeq,
      jobId: job.id,
      jobSeq: job.events,
      type,
      at: this.now,
      data,
      prev: job.lastEvent,
    });
    job.lastEvent = this.hot.eventSeq;
    this.touch(job);
  }

  /**
   * The only place where a job's state changes. A move that the table doesn't have is a fault of the engine and ends
   * the transaction; callers with a move of their own to ask for use `refuseMove` first.
   */
  move(
    job: JobRow,
    to: JobState,
    reason: string | null,
    type: JobEventType,
    data: Record<string, Json> = {},
  ): void {
    if (!mayMove(job.state, to)) {
      throw problem("internal", "jobs.transition_refused", `${job.id} can't go from ${job.state} to ${to}.`);
    }
    this.countRunning(job, job.state, to);
    job.state = to;
    job.reason = reason;
    this.emit(job, type, { state: to, reason, ...data });
    this.reindex(job);
  }

  /** Counts and words the refusal of a move that somebody asked for. */
  refuseMove(job: JobRow, code: string, detail: string): Failure {
    this.hot.refusedTransitions += 1;
    return { kind: "conflict", code, detail, data: { state: job.state, jobId: job.id } };
  }

  tenant(tenantId: string): FlowUse {
    return entryOf(this.hot.tenants, tenantId, newFlow);
  }

  project(tenantId: string, projectId: string): FlowUse {
    return entryOf(this.hot.projects, flowKeyOf(tenantId, projectId), newFlow);
  }

  provider(tenantId: string, name: string): ProviderUse {
    return entryOf(this.hot.providers, flowKeyOf(tenantId, name), newProvider);
  }

  keyUse(tenantId: string, key: string): KeyUse {
    return this.store.findKey(flowKeyOf(tenantId, key)) ?? { admitted: 0, running: 0, parked: 0 };
  }

  writeKeyUse(tenantId: string, key: string, use: KeyUse): void {
    const idle = use.admitted <= 0 && use.running <= 0 && use.parked <= 0;
    this.store.writeKey(flowKeyOf(tenantId, key), idle ? null : use);
  }

  writeConfig(config: Config): void {
    this.config = config;
    this.store.writeConfig(config);
  }

  audit(
    tenantId: string,
    projectId: string | null,
    action: string,
    entity: string,
    audit: AuditInfo,
    before: unknown,
    after: unknown,
  ): void {
    this.hot.permitSeq += 1;
    const key = `audit:${tenantId}:${this.hot.permitSeq}`;
    this.effects.push({
      kind: "audit",
      key,
      tenantId,
      projectId,
      action,
      entity,
      at: this.now,
      audit,
      before,
      after,
    });
  }

  /** Writes changed jobs back and brings the counters of their queues up to date. */
  flushJobs(): void {
    for (const job of this.loaded.values()) {
      if (!job.dirty || job.gone) continue;
      const { row } = job;
      row.due = nextDue(row, this.now);
      this.recount(job);
      if (job.isNew) this.store.insertJob(row);
      else this.store.updateJob(row, job.withSpec);
      job.isNew = false;
      job.dirty = false;
      job.withSpec = false;
    }
  }

  /** Writes everything; the transaction ends with it. */
  finish(): void {
    this.flushJobs();
    if (this.stored.length > 0) this.store.appendEvents(this.stored);
    this.store.writeHot(this.hot);
    for (const { row, reindex, gone } of this.loaded.values()) {
      if (!reindex || gone) continue;
      this.effects.push({ kind: "index", key: `index:${row.id}:${row.events}`, job: snapshotOf(row) });
    }
  }

  private adopt(row: JobRow, isNew: boolean): Loaded {
    const counted = !isNew && row.queue !== null && isClaimQueue(row.queue);
    const job: Loaded = {
      row,
      isNew,
      dirty: false,
      withSpec: false,
      gone: false,
      reindex: false,
      queue: counted ? row.queue : null,
      steps: counted ? claimableSteps(row) : 0,
    };
    this.loaded.set(row.id, job);
    return job;
  }

  private known(row: JobRow): JobRow {
    return this.loaded.get(row.id)?.row ?? this.adopt(row, false).row;
  }

  private recount(job: Loaded): void {
    const queue = job.row.queue !== null && isClaimQueue(job.row.queue) ? job.row.queue : null;
    const steps = queue === null ? 0 : claimableSteps(job.row);
    if (queue === job.queue && steps === job.steps) return;
    if (queue !== null && queue === job.queue) {
      this.addToQueue(queue, 0, steps - job.steps);
    } else {
      if (job.queue !== null) this.addToQueue(job.queue, -1, -job.steps);
      if (queue !== null) this.addToQueue(queue, 1, steps);
    }
    job.queue = queue;
    job.steps = steps;
  }

  private addToQueue(key: string, jobs: number, steps: number): void {
    const use = entryOf(this.hot.queues, key, () => ({ jobs: 0, steps: 0 }));
    if (jobs !== 0) this.moved.add(key);
    use.jobs += jobs;
    use.steps += steps;
    if (use.jobs <= 0) {
      this.hasIdleFlows = true;
      delete this.hot.queues[key];
      return;
    }
    const { tenantId, projectId } = queuePartsOf(key);
    this.tenant(tenantId);
    this.project(tenantId, projectId);
  }

  private countRunning(job: JobRow, from: JobState, to: JobState): void {
    const { tenantId, concurrencyKey } = job.spec;
    if (concurrencyKey === undefined || isRunning(from) === isRunning(to)) return;
    const use = this.keyUse(tenantId, concurrencyKey);
    use.running += isRunning(to) ? 1 : -1;
    this.writeKeyUse(tenantId, concurrencyKey, use);
  }
}

const newFlow = (): FlowUse => ({ inFlight: 0, credit: 0 });

function entryOf<T>(entries: Record<string, T>, key: string, make: () => T): T {
  entries[key] ??= make();
  return entries[key];
}
