import type { JobError, JobState, JobType } from "../../../../contracts/jobs.ts";
import type { Json } from "../../../kernel/json.ts";

/**
 * What the worker gets: a small value beside the job, a value the store keeps apart (`stored`), or a reference to an
 * object elsewhere.
 */
export type Payload =
  | { readonly kind: "inline"; readonly value: Json }
  | { readonly kind: "stored" }
  | { readonly kind: "ref"; readonly ref: string };

/** What one lease takes from a provider's windows at claim; `model` gives the model a window of its own. */
export interface Needs {
  readonly provider: string;
  readonly model?: string;
  readonly requests: number;
  readonly tokens: number;
}

export type DedupMode =
  | "none"
  | "reject"
  | "return_existing"
  | "replace_pending"
  | "debounce"
  | "keep_last_if_active";

export interface Dedup {
  readonly key: string;
  readonly mode: DedupMode;
  /** For `debounce`: quiet time before it starts, and the longest that repeated submits may push it. */
  readonly debounceMs?: number;
  readonly debounceMaxMs?: number;
}

export interface Callback {
  readonly url: string;
  /** Names the signing secret; the secret itself never stands in a job. */
  readonly secretRef?: string;
}

/** What was asked for, with defaults filled in. Only `debounce` replaces it, and only before the first start. */
export interface JobSpec {
  readonly tenantId: string;
  readonly projectId: string;
  readonly type: JobType;
  readonly lane: string;
  readonly payload: Payload;
  readonly priority: number;
  readonly units: number;
  readonly chunkUnits: number;
  /** Chunks of this job in flight at most. */
  readonly maxParallel: number;
  /** Whether a `finalize` step follows the last unit. */
  readonly finalize: boolean;
  readonly maxAttempts: number;
  /** No retry starts later than this after the submission. */
  readonly maxAgeMs: number;
  /** How long waits for a provider's rate limit may last in all. */
  readonly maxRateWaitMs: number;
  readonly maxLeaseLosses: number;
  readonly requestedBy: string;
  /** Estimated cost of one unit, reserved at claim. */
  readonly unitMicros: number;
  readonly needs?: Needs;
  /** A job that hasn't started by then is EXPIRED. */
  readonly expiresAt?: number;
  /** Longest time from the first start to the end. */
  readonly timeoutMs?: number;
  /** Longest time from the submission to the end. */
  readonly maxTotalMs?: number;
  readonly serialKey?: string;
  /** `block`: a job of the key that ends badly holds the next one until it is redriven or released. */
  readonly serialPolicy?: "continue" | "block";
  readonly concurrencyKey?: string;
  readonly parentId?: string;
  readonly dependsOn?: readonly string[];
  /** When a dependency doesn't succeed: the dependent is CANCELLED (`skip`) or FAILED (`fail`). */
  readonly dependencyPolicy?: "skip" | "fail";
  readonly dedup?: Dedup;
  readonly idempotency?: { readonly scope: string; readonly bodyHash: string };
  readonly callback?: Callback;
  readonly labels?: Readonly<Record<string, string>>;
  readonly trace?: string;
  readonly redriveOf?: string;
}

/** Per unit: `.` to do, `d` done, `e` recorded as an error, `s` skipped, `p` poison, `-` recorded by another chunk. */
export type UnitMark = "." | "d" | "e" | "s" | "p" | "-";

/** A chunk that isn't closed yet: [from, to) of the job's units, or the finalize step (no units). */
export interface OpenChunk {
  readonly index: number;
  readonly kind: "work" | "finalize";
  readonly from: number;
  readonly to: number;
  /** One `UnitMark` per unit. */
  marks: string;
  state: "pending" | "leased" | "waiting";
  attempt: number;
  losses: number;
  /** Comes from a chunk that lost its lease too often; the next loss splits it at once. */
  suspect: boolean;
  refs: string[];
  /** Cost of all leases of this chunk. */
  costMicros: number;
  lease?: Lease;
  wait?: { readonly until: number; readonly why: "retry" | "rate" };
}

export interface Lease {
  /** Fencing token: larger than every token given before. */
  readonly token: number;
  readonly workerId: string;
  readonly at: number;
  until: number;
  /** Cost reported under this token so far. */
  costMicros: number;
  /** What is left of the reservation. */
  reservedMicros: number;
  /** What is left of the hold on the provider's windows, and what was stamped in them. */
  heldRequests: number;
  heldTokens: number;
  takenRequests: number;
  takenTokens: number;
}

/** A closed chunk: written once, never changed. */
export interface ChunkRow {
  readonly jobId: string;
  readonly index: number;
  readonly kind: "work" | "finalize";
  readonly from: number;
  readonly to: number;
  readonly marks: string;
  readonly refs: readonly string[];
  /** The token under which it was closed; 0 when no worker closed it. */
  readonly token: number;
  readonly attempts: number;
  readonly costMicros: number;
  readonly at: number;
  readonly end: "complete" | "split" | "poison" | "abandoned";
}

/** One line of the attempt log. */
export interface AttemptRecord {
  readonly at: number;
  readonly chunk: number;
  readonly attempt: number;
  readonly workerId: string;
  readonly code: string;
  readonly message: string;
}

export interface JobRow {
  readonly id: string;
  readonly seq: number;
  readonly createdAt: number;
  spec: JobSpec;
  state: JobState;
  /** Of BLOCKED: budget, rate, paused, dependency or concurrency (no place of its key); otherwise why it ended. */
  reason: string | null;
  /** Where it can be claimed (or waits for a place of its key); null when there is nothing to claim. */
  queue: string | null;
  /** Order in the queue, smaller first: the time it became ready less five minutes a priority level. */
  rank: number;
  /** The next time something must be looked at; may be early, never late. */
  due: number | null;
  runAt: number;
  /** Events written so far, and the store sequence of the last. */
  events: number;
  lastEvent: number;
  /** The first unit that no chunk has been cut for. */
  cursor: number;
  nextChunk: number;
  chunks: OpenChunk[];
  done: number;
  failed: number;
  skipped: number;
  costMicros: number;
  attempt: number;
  startedAt: number | null;
  finishedAt: number | null;
  /** Dependencies that haven't ended. */
  waitsFor: number;
  /** The active job of its dedup key that it waits for. */
  behind?: string;
  /** Whether another job depends on this one, or has it as its parent. */
  hasDependents: boolean;
  hasChildren: boolean;
  /** Its place in the list of its serial key; 0 when it isn't (or no longer) in one. */
  serialSeq: number;
  /** Whether it holds a place of its concurrency key. */
  slot: boolean;
  /** Since when it waits for a rate limit; null again after progress. */
  rateSince: number | null;
  resultRef: string | null;
  error: JobError | null;
  deadUnits: number[];
  /** The last attempts that didn't succeed, oldest first; the last five carry the errors. */
  log: AttemptRecord[];
  /** Leases that were taken away, with the cost settled under them. */
  lost: { token: number; costMicros: number }[];
  /** The token that ended it, so that a repeated `complete` is answered again. */
  endToken: number;
  cancel?: { readonly at: number; readonly by: string; readonly reason: string };
  redrivenAs?: string;
  edits?: JobEdits;
}

/** What may be changed in a dead job before it is redriven. */
export interface JobEdits {
  readonly payload?: Payload;
  readonly priority?: number;
  readonly maxAttempts?: number;
  readonly maxAgeMs?: number;
  readonly timeoutMs?: number;
  readonly chunkUnits?: number;
  readonly lane?: string;
  readonly unitMicros?: number;
  readonly needs?: Needs;
}
