import type { JobError, JobType } from "../../../../contracts/jobs.ts";
import type { Json } from "../../../kernel/json.ts";
import type { Callback, Dedup, JobEdits, Needs, UnitMark } from "./job-row.ts";
import type { PauseScope, TenantLimits } from "./limits.ts";

/** Who did it and why, carried into an `audit` effect. */
export interface AuditInfo {
  readonly actor: string;
  /** The action of the caller's operation, where the event is to bear that name instead of the engine's. */
  readonly action?: string;
  readonly requestId?: string;
  readonly address?: string;
  readonly reason?: string;
  readonly trace?: string;
}

/** A job as it is submitted; everything optional has a default (see submit.rules.ts). */
export interface Submission {
  readonly tenantId: string;
  readonly projectId: string;
  readonly type: JobType;
  readonly lane: string;
  readonly requestedBy: string;
  /** Given by the caller who wants to know it beforehand; otherwise the engine makes one. */
  readonly id?: string;
  readonly payload?: Json;
  /** Instead of `payload`: where the host has put it. */
  readonly payloadRef?: string;
  readonly priority?: number;
  readonly units?: number;
  readonly chunkUnits?: number;
  readonly maxParallel?: number;
  readonly finalize?: boolean;
  readonly maxAttempts?: number;
  readonly maxAgeMs?: number;
  readonly maxRateWaitMs?: number;
  readonly maxLeaseLosses?: number;
  readonly unitMicros?: number;
  readonly needs?: Needs;
  readonly runAt?: number;
  readonly expiresAt?: number;
  readonly timeoutMs?: number;
  readonly maxTotalMs?: number;
  readonly serialKey?: string;
  readonly serialPolicy?: "continue" | "block";
  readonly concurrencyKey?: string;
  readonly parentId?: string;
  readonly dependsOn?: readonly string[];
  readonly dependencyPolicy?: "skip" | "fail";
  readonly dedup?: Dedup;
  /** `route` and `key` make the scope with tenant and project. */
  readonly idempotency?: { readonly route: string; readonly key: string; readonly bodyHash: string };
  readonly callback?: Callback;
  readonly labels?: Readonly<Record<string, string>>;
  readonly trace?: string;
}

export interface SubmitCommand {
  readonly type: "submit";
  readonly items: readonly Submission[];
  readonly audit?: AuditInfo;
}

export interface ClaimCommand {
  readonly type: "claim";
  readonly lane: string;
  readonly max: number;
  readonly workerId: string;
  /** Permits used up by this claim, per tenant as the messages named them. */
  readonly permits?: Readonly<Record<string, number>>;
}

/** Outcomes of units by their number in the job; `.` and `-` are not outcomes. */
export type UnitOutcomes = Readonly<Record<number, Extract<UnitMark, "d" | "e" | "s">>>;

interface UnderLease {
  readonly jobId: string;
  readonly token: number;
  /** Index of the chunk: needed to recognise a repeated report of a chunk that was accepted before. */
  readonly chunk?: number;
  /** Cost of this lease so far, in micros; never falls. */
  readonly costMicros?: number;
  /** What was really used of the provider under this lease so far. */
  readonly usage?: { readonly requests: number; readonly tokens: number };
}

export interface HeartbeatCommand extends UnderLease {
  readonly type: "heartbeat";
  /** Units finished since the last report, with the object that holds their results. */
  readonly outcomes?: UnitOutcomes;
  readonly partRef?: string;
}

export interface CompleteCommand extends UnderLease {
  readonly type: "complete";
  /** The result of the chunk; of the finalize step (or a job of one chunk without one): the result of the job. */
  readonly resultRef?: string;
  /** Units without an outcome count as done. */
  readonly outcomes?: UnitOutcomes;
}

export interface WorkFailure extends JobError {
  readonly transient: boolean;
  /** The provider refused for its rate limit: no attempt is used up. */
  readonly rateLimited?: boolean;
  readonly retryAfterMs?: number;
  /** Credentials, credit or the model are missing: the provider is paused with this reason. */
  readonly pausesProvider?: string;
}

export interface FailCommand extends UnderLease {
  readonly type: "fail";
  readonly failure: WorkFailure;
  readonly outcomes?: UnitOutcomes;
  readonly partRef?: string;
}

/** A worker that must stop gives its lease back: no attempt and no loss is counted. */
export interface ReleaseCommand extends UnderLease {
  readonly type: "release";
  readonly outcomes?: UnitOutcomes;
  readonly partRef?: string;
}

export interface TakeTokensCommand {
  readonly type: "take_tokens";
  readonly jobId: string;
  readonly token: number;
  readonly requests: number;
  readonly tokens: number;
}

/** A worker that met a 429 and goes on by itself tells it, so that all share the lesson. */
export interface ReportRateLimitCommand {
  readonly type: "report_rate_limit";
  readonly jobId: string;
  readonly token: number;
  readonly retryAfterMs?: number;
}

export interface CancelCommand {
  readonly type: "cancel";
  readonly tenantId: string;
  readonly jobId: string;
  readonly reason?: string;
  readonly audit: AuditInfo;
}

export interface RedriveCommand {
  readonly type: "redrive";
  readonly tenantId: string;
  /** One of both: named jobs, or the dead letters that match. */
  readonly jobIds?: readonly string[];
  readonly filter?: DeadFilter;
  /** Continue after this position of the list (from an earlier reply). */
  readonly after?: number;
  readonly limit?: number;
  /** Starts at most so many of them a minute. */
  readonly perMinute?: number;
  /** When the first starts; a continued redrive passes `nextStartAt` of the reply before. */
  readonly startAt?: number;
  readonly dryRun?: boolean;
  readonly audit: AuditInfo;
}

export interface DeadFilter {
  readonly projectId?: string;
  readonly type?: JobType;
  readonly states?: readonly ("DEAD" | "FAILED" | "EXPIRED")[];
  readonly reason?: string;
  readonly errorCode?: string;
  /** Only those that haven't been redriven. */
  readonly open?: boolean;
}

export interface EditDeadCommand {
  readonly type: "edit_dead";
  readonly tenantId: string;
  readonly jobId: string;
  readonly edits: Omit<JobEdits, "payload"> & { readonly payload?: Json; readonly payloadRef?: string };
  readonly audit: AuditInfo;
}

export interface PauseCommand {
  readonly type: "pause";
  readonly scope: PauseScope;
  readonly reason: string;
  readonly audit: AuditInfo;
}

export interface ResumeCommand {
  readonly type: "resume";
  readonly scope: PauseScope;
  readonly audit: AuditInfo;
}

/** Lets the jobs behind a failed one of a blocking serial key go on. */
export interface ReleaseSerialCommand {
  readonly type: "release_serial";
  readonly tenantId: string;
  readonly projectId: string;
  readonly serialKey: string;
  readonly audit: AuditInfo;
}

export interface SetLimitsCommand {
  readonly type: "set_limits";
  readonly tenantId: string;
  /** Replaces all limits of the tenant. */
  readonly limits: TenantLimits;
  readonly audit: AuditInfo;
}

/** Time has passed: leases, delays, expiry, permits, budgets, retention. */
export interface TickCommand {
  readonly type: "tick";
}

export type SingleCommand =
  | SubmitCommand
  | ClaimCommand
  | HeartbeatCommand
  | CompleteCommand
  | FailCommand
  | ReleaseCommand
  | TakeTokensCommand
  | ReportRateLimitCommand
  | CancelCommand
  | RedriveCommand
  | EditDeadCommand
  | PauseCommand
  | ResumeCommand
  | ReleaseSerialCommand
  | SetLimitsCommand
  | TickCommand;

/** Several commands in one transaction, each answered for itself. */
export interface BatchCommand {
  readonly type: "batch";
  readonly commands: readonly SingleCommand[];
}

export type Command = SingleCommand | BatchCommand;
