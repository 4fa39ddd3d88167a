import type { JobEvent } from "../../../contracts/jobs.ts";
import type { Command, DeadFilter } from "./engine/commands.ts";
import type { JobSnapshot } from "./engine/effects.ts";
import type { AttemptRecord } from "./engine/job-row.ts";
import type { ReplyOf } from "./engine/replies.ts";

/** A job with what an operator wants to know of a failure. */
export interface JobInDetail {
  readonly job: JobSnapshot;
  readonly payload: unknown;
  readonly log: readonly AttemptRecord[];
}

export interface KeyedJob {
  readonly job: JobSnapshot;
  readonly bodyHash: string;
}

export interface EventsPage {
  readonly events: readonly JobEvent[];
  /** Whether the job has ended and everything has been read. */
  readonly ended: boolean;
}

/** The objects that hold results of the units [from, to), in the order in which they were recorded. */
export interface ChunkResults {
  readonly from: number;
  readonly to: number;
  readonly refs: readonly string[];
}

export interface ResultRefs {
  readonly chunks: readonly ChunkResults[];
  /** Continue after this chunk; null at the end. */
  readonly after: number | null;
  /** Units that were given up as poison. */
  readonly deadUnits: readonly number[];
}

export interface DeadPage {
  readonly items: readonly JobSnapshot[];
  /** Continue after this position; null at the end. */
  readonly after: number | null;
}

/** A tenant's jobs: the object that is the truth about them. */
export interface JobsPort {
  /** Decides one command in one transaction. Refusals come back as values. */
  execute<C extends Command>(tenantId: string, command: C): Promise<ReplyOf<C>>;
  find(tenantId: string, jobId: string): Promise<JobInDetail | null>;
  /** The job that holds an idempotency key, and the hash of the body that it was submitted with. */
  findByKey(tenantId: string, scope: string): Promise<KeyedJob | null>;
  /** Events of a job after its `jobSeq`; waits up to `waitMs` for the next when there is none. */
  events(tenantId: string, jobId: string, afterSeq: number, waitMs: number): Promise<EventsPage | null>;
  results(tenantId: string, jobId: string, after: number): Promise<ResultRefs>;
  dead(tenantId: string, filter: DeadFilter, after: number, limit: number): Promise<DeadPage>;
}

declare module "../../kernel/ports/ports.ts" {
  interface Ports {
    readonly jobs: JobsPort;
  }
}
