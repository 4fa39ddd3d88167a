import type { JobEvent } from "../../../../contracts/jobs.ts";
import type { Json } from "../../../kernel/json.ts";
import type { ChunkRow, JobRow } from "./job-row.ts";
import type { Config } from "./limits.ts";

/** Amounts used in the last minute: [epoch ms, amount] in order of time, a few neighbours merged into the later. */
export type WindowEntries = [number, number][];

export interface ProviderUse {
  inFlight: number;
  requests: WindowEntries;
  tokens: WindowEntries;
  heldRequests: number;
  heldTokens: number;
  /** Learned share of the configured limits, (0, 1], and when it last changed. */
  factor: number;
  factorAt: number;
  /** Requests of the minute in which a 429 came, where no limit is configured; 0 when nothing was learned. */
  learned: number;
  /** The provider asked for silence until then. */
  quietUntil: number;
  /** Failures in a row; at the threshold the breaker opens until `openUntil` for `openMs`. */
  failures: number;
  openUntil: number;
  openMs: number;
}

export interface BudgetUse {
  dayEndsAt: number;
  daySpent: number;
  monthEndsAt: number;
  monthSpent: number;
  reserved: number;
}

export interface FlowUse {
  inFlight: number;
  /** What the fair share owes this flow; 0 when it has nothing to run. */
  credit: number;
  budget?: BudgetUse;
}

/** Why the head of a queue was refused, and what must be free for it. */
export interface Refusal {
  readonly reason: "budget" | "rate" | "paused";
  /** When to look again at the latest; null when only an event can help. */
  readonly until: number | null;
  readonly micros: number;
  readonly requests: number;
  readonly tokens: number;
  /** The job that shows it (state BLOCKED). */
  readonly jobId: string;
}

export interface QueueUse {
  jobs: number;
  /** Leases that could be given if nothing else limited them. */
  steps: number;
  refused?: Refusal;
}

/** Work left over for the next tick. */
export interface Chore {
  readonly kind: "dependents" | "children" | "admit" | "afford";
  /** The job that ended or is cancelled, the key that has places, or the tenant whose limits changed. */
  readonly key: string;
  readonly after: number;
}

/**
 * The counters that nearly every command touches, kept as one small row. It holds only flows, queues and providers
 * that are active, so its size follows the number of projects at work, not the number of jobs.
 */
export interface HotState {
  jobSeq: number;
  eventSeq: number;
  token: number;
  refusedTransitions: number;
  tenants: Record<string, FlowUse>;
  /** By `tenant|project`. */
  projects: Record<string, FlowUse>;
  /** By queue key. */
  queues: Record<string, QueueUse>;
  /** By `tenant|provider` or `tenant|provider/model`. */
  providers: Record<string, ProviderUse>;
  /** By `tenant|lane`: [issued at, how many], oldest first. */
  permits: Record<string, [number, number][]>;
  permitSeq: number;
  chores: Chore[];
  /** When old events are looked for again. */
  trimAt: number;
}

/** The counters of an engine that has had no job yet. */
export function newHotState(): HotState {
  return {
    jobSeq: 0,
    eventSeq: 0,
    token: 0,
    refusedTransitions: 0,
    tenants: {},
    projects: {},
    queues: {},
    providers: {},
    permits: {},
    permitSeq: 0,
    chores: [],
    trimAt: 0,
  };
}

/** Jobs whose key is limited: `admitted` have a place (running or in a queue), `running` are leased. */
export interface KeyUse {
  admitted: number;
  running: number;
  parked: number;
}

/** An event with the store sequence of the job's event before it (0 for the first). */
export interface StoredEvent extends JobEvent {
  readonly prev: number;
}

export interface Link {
  readonly seq: number;
  readonly jobId: string;
}

/**
 * The state of the engine: synchronous, indexed reads and writes inside the host's transaction. Rows that come out
 * are private copies. No method scans all jobs; each costs at most the logarithm of what is stored.
 */
export interface JobStore {
  readHot(): HotState;
  writeHot(hot: HotState): void;
  readConfig(): Config;
  writeConfig(config: Config): void;

  findJob(id: string): JobRow | undefined;
  insertJob(job: JobRow): void;
  /** Replaces all but the specification; `spec` too when `withSpec`. */
  updateJob(job: JobRow, withSpec: boolean): void;
  /** Removes the job, its payload and its closed chunks. */
  deleteJob(id: string): void;
  /** The first jobs of a queue by (rank, seq). */
  heads(queue: string, limit: number): JobRow[];
  /** Jobs with `due <= now`, earliest first. */
  dueJobs(now: number, limit: number): JobRow[];
  firstDue(): number | null;

  findPayload(jobId: string): Json | undefined;
  writePayload(jobId: string, value: Json): void;

  findChunk(jobId: string, index: number): ChunkRow | undefined;
  insertChunk(chunk: ChunkRow): void;
  /** Closed chunks by index. */
  chunks(jobId: string, afterIndex: number, limit: number): ChunkRow[];

  /** Links name jobs by idempotency scope, dedup key, serial key, parent, dependency or dead-letter list. */
  addLink(key: string, seq: number, jobId: string): void;
  removeLink(key: string, seq: number): void;
  /** In order of `seq`, after `afterSeq`. */
  links(key: string, afterSeq: number, limit: number): Link[];

  findKey(key: string): KeyUse | undefined;
  /** Null removes it. */
  writeKey(key: string, use: KeyUse | null): void;

  /** Appends events with consecutive `seq`. */
  appendEvents(events: readonly StoredEvent[]): void;
  findEvent(seq: number): StoredEvent | undefined;
  /** Events of the whole store in order, after `afterSeq`. */
  eventsFrom(afterSeq: number, limit: number): StoredEvent[];
  /** Forgets events written before `at`, at most about `limit` of them; says how many went. */
  trimEvents(at: number, limit: number): number;
}
