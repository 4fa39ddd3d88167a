import type { AdmissionRequest, KubeObject, World } from "../../words.ts";
import { type Cron, parseCron } from "../machines/cron.rules.ts";
import { at, flagAt, numberAt, textAt } from "../machines/fields.ts";
import { currentTarget, unreachable } from "./backup-target.ts";
import { all, annotation } from "./look.ts";
import { harvester } from "./refusals.ts";

const SKIP = "harvesterhci.io/svmbackupSkipCronCheck";

/** The least distance of two runs within an hour, in minutes; 60 when there is one an hour at most. */
function leastMinutes(minutes: readonly number[]): number {
  const next = [...minutes.slice(1), (minutes[0] ?? 0) + 60];
  return Math.min(...minutes.map((minute, index) => (next[index] ?? 60) - minute));
}

/** Lines that fire in the same hours of the same days. */
function sameHours(left: Cron, right: Cron): boolean {
  const written = ({ hours, days, months, weekdays }: Cron) =>
    JSON.stringify([hours, days, months, weekdays].map((set) => [...set].sort((a, b) => a - b)));
  return written(left) === written(right);
}

function checkCron(world: World, schedule: KubeObject): void {
  const wrong = (why: string) => harvester.invalid(why, "spec.cron");
  const cron = parseCron(textAt(schedule, "spec", "cron") ?? "");
  if (cron === undefined) throw wrong("invalid cron format");
  if (annotation(schedule, SKIP) !== undefined) return;
  const minutes = [...cron.minutes].sort((a, b) => a - b);
  const least = leastMinutes(minutes);
  if (least < 60) throw wrong(`schedule granularity ${least}m0s less than 1h0m0s`);
  for (const other of all(world, "schedulevmbackups")) {
    if (other.metadata.uid === schedule.metadata.uid) continue;
    const theirs = parseCron(textAt(other, "spec", "cron") ?? "");
    if (theirs === undefined || !sameHours(theirs, cron)) continue;
    const offset = Math.abs(([...theirs.minutes][0] ?? 0) - (minutes[0] ?? 0));
    if (Math.min(offset, 60 - offset) < 10) {
      throw wrong(`same granularity as schedule ${other.metadata.name} and offset less than 10m0s`);
    }
  }
}

/** Backups need a target that answers; snapshots stay in the cluster. */
function checkTarget(world: World, schedule: KubeObject): void {
  if (textAt(schedule, "spec", "vmbackup", "type") === "snapshot") return;
  const wrong = (why: string) => harvester.invalid(why, "spec.suspend");
  const target = currentTarget(world);
  if (target === "unset") throw wrong("setting backup-target is not set");
  const why = unreachable(target);
  if (why !== undefined) throw wrong(why);
}

function checkOnlyOne(world: World, schedule: KubeObject): void {
  const { namespace } = schedule.metadata;
  const source = textAt(schedule, "spec", "vmbackup", "source", "name");
  const other = all(world, "schedulevmbackups", namespace).find(
    (one) => textAt(one, "spec", "vmbackup", "source", "name") === source,
  );
  if (other !== undefined) {
    throw harvester.invalid(
      `VM ${namespace}/${source} already has ${textAt(other, "spec", "vmbackup", "type")} schedule`,
      "spec.vmbackup",
    );
  }
}

export function checkSchedule({ operation, object, old, world }: AdmissionRequest): void {
  if (operation === "DELETE" || object.metadata.deletionTimestamp) return;
  if (
    old !== undefined &&
    JSON.stringify(at(old, "spec", "vmbackup")) !== JSON.stringify(at(object, "spec", "vmbackup"))
  ) {
    throw harvester.invalid("source vm can't be changed", "spec.vmbackup");
  }
  const failures = numberAt(object, "spec", "maxFailure") ?? 0;
  if (failures >= (numberAt(object, "spec", "retain") ?? 0)) {
    throw harvester.invalid("max failure should be less than retain", "spec.maxFailure");
  }
  checkCron(world, object);
  if (old === undefined) {
    checkOnlyOne(world, object);
    checkTarget(world, object);
  } else if (flagAt(old, "spec", "suspend") && !flagAt(object, "spec", "suspend")) {
    checkTarget(world, object);
  }
}
