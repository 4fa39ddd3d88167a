import type { JobError, JobProgress, JobState, JobStatus, JobType } from "../../../../contracts/jobs.ts";
import type { AuditInfo } from "./commands.ts";

/** A job as others see it, with instants in epoch milliseconds; `publicJob` turns it into the wire shape. */
export interface JobSnapshot {
  readonly id: string;
  readonly tenantId: string;
  readonly projectId: string;
  readonly type: JobType;
  readonly lane: string;
  readonly status: JobStatus;
  readonly reasonCode: string | null;
  readonly state: JobState;
  readonly priority: number;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly progress: JobProgress;
  readonly costMicros: number;
  readonly requestedBy: string;
  readonly createdAt: number;
  readonly runAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly expiresAt: number | null;
  readonly resultRef: string | null;
  readonly error: JobError | null;
  readonly parentId: string | null;
  readonly redriveOf: string | null;
  readonly redrivenAs: string | null;
  readonly deadUnits: readonly number[];
  readonly labels: Readonly<Record<string, string>>;
  /** Number of the job's last event: later snapshots of a job have a larger one. */
  readonly lastEventSeq: number;
}

/**
 * What the host must do after the commit. It stores them with the state and sends them until they are acknowledged;
 * `key` makes a repeated send harmless.
 */
export type Effect =
  | {
      readonly kind: "permit";
      readonly key: string;
      readonly tenantId: string;
      readonly lane: string;
      readonly count: number;
    }
  /** The read model takes the snapshot unless it has one with a larger `lastEventSeq`. */
  | { readonly kind: "index"; readonly key: string; readonly job: JobSnapshot }
  /** The job and all of it is gone from the store; the read model may keep its row. */
  | { readonly kind: "purged"; readonly key: string; readonly tenantId: string; readonly jobId: string }
  | {
      readonly kind: "audit";
      readonly key: string;
      readonly tenantId: string;
      readonly projectId: string | null;
      readonly action: string;
      readonly entity: string;
      readonly at: number;
      readonly audit: AuditInfo;
      readonly before: unknown;
      readonly after: unknown;
    }
  | {
      readonly kind: "webhook";
      readonly key: string;
      readonly tenantId: string;
      readonly url: string;
      readonly secretRef: string | null;
      readonly event: string;
      readonly job: JobSnapshot;
    }
  | { readonly kind: "finished"; readonly key: string; readonly job: JobSnapshot };
