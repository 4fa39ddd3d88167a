import type { AdmissionRequest, KubeObject, World } from "../../words.ts";
import { at, flagAt, numberAt, textAt } from "../machines/fields.ts";
import { currentTarget, unreachable } from "./backup-target.ts";
import { all, annotation } from "./look.ts";
import { harvester } from "./refusals.ts";

const SKIP = "harvesterhci.io/svmbackupSkipCronCheck";

const SHORTHANDS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

const RANGES = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

const NAMES = ["jan feb mar apr may jun jul aug sep oct nov dec", "sun mon tue wed thu fri sat"].map((line) =>
  line.split(" "),
);

function numberOf(word: string, field: number): number {
  if (/^\d+$/.test(word)) return Number(word);
  const names = field === 3 ? NAMES[0] : field === 4 ? NAMES[1] : undefined;
  const index = names?.indexOf(word.toLowerCase()) ?? -1;
  return index < 0 ? Number.NaN : field === 3 ? index + 1 : index;
}

/** The values one field of a cron line stands for; undefined when it is none. */
function valuesOf(written: string, field: number): number[] | undefined {
  const [least, most] = RANGES[field] ?? [0, 0];
  const values = new Set<number>();
  for (const part of written.split(",")) {
    const [range = "", every = "1"] = part.split("/", 2);
    const [from = "", to] = range === "*" || range === "?" ? [`${least}`, `${most}`] : range.split("-", 2);
    const step = Number(every);
    const low = numberOf(from, field);
    const high = to === undefined ? (part.includes("/") ? most : low) : numberOf(to, field);
    if (!Number.isInteger(step) || step < 1 || !(low >= least) || !(high <= most) || low > high) return;
    for (let value = low; value <= high; value += step) values.add(value);
  }
  return [...values].sort((left, right) => left - right);
}

/** A line of five fields, or a shorthand; undefined when it is no cron line. */
export function cronFields(written: string): number[][] | undefined {
  const fields = (SHORTHANDS[written] ?? written).trim().split(/\s+/);
  if (fields.length !== 5) return undefined;
  const values = fields.map(valuesOf);
  return values.every((one) => one !== undefined) ? values : undefined;
}

/** The least distance of two runs within an hour, in minutes; 60 when there is one an hour at most. */
function leastMinutes(minutes: readonly number[]): number {
  const next = [...minutes.slice(1), (minutes[0] ?? 0) + 60];
  return Math.min(...minutes.map((minute, index) => (next[index] ?? 60) - minute));
}

function checkCron(world: World, schedule: KubeObject): void {
  const wrong = (why: string) => harvester.invalid(why, "spec.cron");
  const fields = cronFields(textAt(schedule, "spec", "cron") ?? "");
  if (fields === undefined) throw wrong("invalid cron format");
  if (annotation(schedule, SKIP) !== undefined) return;
  const minutes = fields[0] ?? [];
  const least = leastMinutes(minutes);
  if (least < 60) throw wrong(`schedule granularity ${least}m0s less than 1h0m0s`);
  for (const other of all(world, "schedulevmbackups")) {
    if (other.metadata.uid === schedule.metadata.uid) continue;
    const theirs = cronFields(textAt(other, "spec", "cron") ?? "");
    const sameHours = JSON.stringify(theirs?.slice(1)) === JSON.stringify(fields.slice(1));
    const offset = Math.abs((theirs?.[0]?.[0] ?? 0) - (minutes[0] ?? 0));
    if (sameHours && Math.min(offset, 60 - offset) < 10) {
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
