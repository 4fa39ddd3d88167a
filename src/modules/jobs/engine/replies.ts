import type { JobState, JobType } from "../../../../contracts/jobs.ts";
import type { Json } from "../../../kernel/json.ts";
import type { Failure } from "../../../kernel/problem.ts";
import type { Command, SingleCommand } from "./commands.ts";
import type { JobSnapshot } from "./effects.ts";

/** Refusals travel as values, so that they cross RPC with their code. */
export type Outcome<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly failure: Failure };

export interface Submitted {
  readonly jobId: string;
  readonly state: JobState;
  /** An idempotency key or a dedup mode led to a job that was there before. */
  readonly existing: boolean;
  readonly job: JobSnapshot;
}

/** One lease. Report under (`jobId`, `token`) every `heartbeatMs`. */
export interface ClaimedStep {
  readonly jobId: string;
  readonly tenantId: string;
  readonly projectId: string;
  readonly type: JobType;
  readonly kind: "work" | "finalize";
  /** The units [from, to) of the job; `doneUnits` of them have been recorded before. */
  readonly chunk: {
    readonly index: number;
    readonly from: number;
    readonly to: number;
    readonly doneUnits: readonly number[];
  };
  readonly units: number;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly payload: { readonly value: Json } | { readonly ref: string };
  readonly token: number;
  readonly leaseUntil: number;
  readonly heartbeatMs: number;
  /** When the job's own timeout ends it; null without one. */
  readonly deadlineAt: number | null;
  readonly requestedBy: string;
  readonly createdAt: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly trace: string | null;
  readonly redriveOf: string | null;
}

export interface Reported {
  /** Stop: the job is being cancelled. */
  readonly cancel: boolean;
  readonly leaseUntil: number;
  /** Units whose outcome this report recorded; others had one before. */
  readonly recorded: readonly number[];
  readonly state: JobState;
}

export interface Ended {
  readonly recorded: readonly number[];
  readonly state: JobState;
  /** This very report had been accepted before. */
  readonly repeated: boolean;
}

export type TokensTaken =
  | { readonly granted: true; readonly cancel: boolean }
  | { readonly granted: false; readonly waitMs: number; readonly cancel: boolean };

export interface Redriven {
  readonly items: readonly {
    readonly jobId: string;
    /** Null in a dry run of a job that wasn't redriven yet. */
    readonly redrivenAs: string | null;
    readonly existing: boolean;
    readonly runAt: number | null;
  }[];
  /** Position to continue after; null at the end of the list. */
  readonly after: number | null;
  readonly nextStartAt: number;
  readonly dryRun: boolean;
}

export interface Swept {
  readonly handled: number;
  readonly more: boolean;
}

export interface SingleReplies {
  submit: { readonly ok: true; readonly results: readonly Outcome<Submitted>[] };
  claim: { readonly ok: true; readonly steps: readonly ClaimedStep[] };
  heartbeat: Outcome<Reported>;
  complete: Outcome<Ended>;
  fail: Outcome<Ended & { readonly retryAt: number | null }>;
  release: Outcome<Ended>;
  take_tokens: Outcome<TokensTaken>;
  report_rate_limit: Outcome<{ readonly waitMs: number }>;
  cancel: Outcome<{ readonly state: JobState; readonly job: JobSnapshot }>;
  redrive: Outcome<Redriven>;
  edit_dead: Outcome<{ readonly job: JobSnapshot }>;
  pause: Outcome<{ readonly changed: boolean }>;
  resume: Outcome<{ readonly changed: boolean }>;
  release_serial: Outcome<{ readonly changed: boolean }>;
  set_limits: Outcome<{ readonly changed: boolean }>;
  tick: { readonly ok: true } & Swept;
}

export type SingleReply = SingleReplies[SingleCommand["type"]];

export interface Replies extends SingleReplies {
  batch: { readonly ok: true; readonly replies: readonly SingleReply[] };
}

export type ReplyOf<C extends Command> = Replies[C["type"]];
