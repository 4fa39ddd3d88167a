import type { RunPolicy, Schedule } from "../../../contracts/schedules.ts";
import type { ScheduledAction, ScheduleRun } from "./schemas.ts";

/** A rule of the tenant is told that it came due. */
export interface RuleRun {
  readonly kind: "rule";
  readonly ruleId: string;
  readonly lineage: string;
}

/** A schedule as the scheduler keeps it. */
export interface SchedulerEntry {
  readonly id: string;
  readonly version: number;
  readonly schedule: Schedule;
  readonly policy: RunPolicy;
  readonly action: ScheduledAction | RuleRun;
  readonly projectId: string | null;
  /** Runs up to here (ms UTC) are not its business: when it was made or switched on. */
  readonly from: number;
}

export interface ScheduleRunsPage {
  readonly items: readonly ScheduleRun[];
  /** Continue before this scheduled time; null at the end. */
  readonly before: number | null;
}

/** A tenant's scheduler: the object that starts what is due, once for each scheduled time. */
export interface SchedulerPort {
  /** Takes a schedule, or forgets it (`entry` null); an older version than the one it has changes nothing. */
  put(tenantId: string, id: string, version: number, entry: SchedulerEntry | null): Promise<void>;
  /** The runs of a schedule, the newest first. */
  runs(tenantId: string, scheduleId: string, before: number | null, limit: number): Promise<ScheduleRunsPage>;
}

declare module "../../kernel/ports/ports.ts" {
  interface Ports {
    readonly scheduler: SchedulerPort;
  }
}
