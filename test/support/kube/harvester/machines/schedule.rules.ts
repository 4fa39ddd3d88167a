import type { KubeObject } from "../../words.ts";
import { withCondition } from "./conditions.ts";
import { nextCron, parseCron } from "./cron.rules.ts";
import { at, type Fields, fieldsAt, flagAt, itemsAt, numberAt, textAt } from "./fields.ts";
import { instantOf } from "./stamp.ts";

export interface ScheduleFacts {
  readonly schedule: KubeObject;
  /** What it has made so far, oldest first. */
  readonly backups: readonly KubeObject[];
  readonly now: number;
}

export interface ScheduleStep {
  /** Name of the backup to make now. */
  readonly make?: string;
  readonly remove: readonly string[];
  readonly status: Fields;
  readonly suspend?: boolean;
  readonly againMs?: number;
}

const hasFailed = (backup: unknown) => at(backup, "status", "error") !== undefined;

/** Failures in a row up to the last backup. */
function failuresOf(backups: readonly KubeObject[]): number {
  const ended = backups.filter((one) => hasFailed(one) || flagAt(one, "status", "readyToUse"));
  const good = ended.findLastIndex((one) => !hasFailed(one));
  return ended.length - 1 - good;
}

function lastMade(schedule: KubeObject, backups: readonly KubeObject[]): number {
  const instants = [schedule, ...backups].map((one) => instantOf(one.metadata.creationTimestamp) ?? 0);
  return Math.max(...instants);
}

function stampOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 16).replace(/[-:]/g, "").replace("T", "-");
}

/** One look at a schedule: what is due, what is too old, and whether it has failed too often. */
export function stepSchedule({ schedule, backups, now }: ScheduleFacts): ScheduleStep {
  const retain = numberAt(schedule, "spec", "retain") ?? 8;
  const good = backups.filter((one) => !hasFailed(one));
  const remove = good.slice(0, Math.max(0, good.length - retain)).map(({ metadata }) => metadata.name);
  const failure = failuresOf(backups);
  const tooMany = failure >= (numberAt(schedule, "spec", "maxFailure") ?? 4);
  const paused = flagAt(schedule, "spec", "suspend") || tooMany;
  const message = tooMany ? "Reach max failure" : "";
  const conditions = withCondition(
    itemsAt(schedule, "status", "conditions"),
    { type: "BackupSuspend", status: paused ? "True" : "False", ...(message === "" ? {} : { message }) },
    now,
  );
  const status: Fields = {
    ...fieldsAt(schedule, "status"),
    vmbackupInfo: backups.map((one) => ({
      name: one.metadata.name,
      readyToUse: flagAt(one, "status", "readyToUse"),
      ...(hasFailed(one) ? { error: at(one, "status", "error") } : {}),
    })),
    failure,
    suspended: paused,
    conditions,
  };
  const cron = parseCron(textAt(schedule, "spec", "cron") ?? "");
  const due = cron === undefined ? undefined : nextCron(cron, lastMade(schedule, backups));
  if (paused || due === undefined)
    return { remove, status, ...(tooMany && !flagAt(schedule, "spec", "suspend") ? { suspend: true } : {}) };
  if (now < due) return { remove, status, againMs: due - now };
  return {
    make: `svmb-${schedule.metadata.name}-${stampOf(due)}`.slice(0, 63),
    remove,
    status,
    againMs: 1_000,
  };
}
