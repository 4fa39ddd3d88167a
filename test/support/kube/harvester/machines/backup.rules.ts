import type { KubeObject } from "../../words.ts";
import { type Condition, withConditions } from "./conditions.ts";
import { durations } from "./durations.ts";
import { at, type Fields, fieldsAt, flagAt, isFields, itemsAt, parsedText, textAt } from "./fields.ts";
import { failAnnotation } from "./image.rules.ts";
import { quantityOf } from "./quantity.ts";
import { instantOf, stamp } from "./stamp.ts";

export type Target =
  | { readonly kind: "none" }
  | {
      readonly kind: "set";
      readonly endpoint: string;
      readonly bucketName: string;
      readonly bucketRegion: string;
    };

/** The backup target as the setting says it. @param value the setting's value, JSON */
export function targetOf(value: string | undefined): Target {
  const said = parsedText(value);
  const type = isFields(said) ? textAt(said, "type") : undefined;
  const bucketName = textAt(said, "bucketName") ?? "";
  const endpoint = textAt(said, "endpoint") ?? "";
  const complete = type === "nfs" ? endpoint !== "" : type === "s3" && bucketName !== "";
  return complete
    ? { kind: "set", endpoint, bucketName, bucketRegion: textAt(said, "bucketRegion") ?? "" }
    : { kind: "none" };
}

/** Why a target can't be reached; undefined when it can. */
export function targetFailure(target: Target): string | undefined {
  if (target.kind === "none") return "backup target is invalid: the backup-target setting is not configured";
  const host = URL.canParse(target.endpoint)
    ? new URL(target.endpoint).hostname
    : target.endpoint.split(/[:/]/)[0];
  return host?.endsWith(".invalid") === true
    ? `backup target is unavailable: dial tcp: lookup ${host}: no such host`
    : undefined;
}

export interface BackupFacts {
  readonly backup: KubeObject;
  readonly machine: KubeObject | undefined;
  /** The claims of the machine's disks. */
  readonly claims: readonly KubeObject[];
  readonly target: Target;
  readonly now: number;
}

export interface BackupStep {
  readonly status?: Fields;
  readonly becameReady?: boolean;
  readonly failedWith?: string;
  readonly againMs?: number;
}

export const isBackup = (backup: unknown) => textAt(backup, "spec", "type") !== "snapshot";

function failed(facts: BackupFacts, message: string): BackupStep {
  const { backup, now } = facts;
  const news: Condition[] = [
    { type: "Ready", status: "False", reason: "Error", message },
    { type: "InProgress", status: "False", reason: "Error", message },
  ];
  const conditions = withConditions(itemsAt(backup, "status", "conditions"), news, now);
  const error = { time: stamp(now), message };
  return {
    status: { ...fieldsAt(backup, "status"), readyToUse: false, error, conditions },
    failedWith: message,
  };
}

function volumeBackup(backup: KubeObject, claim: KubeObject): Fields {
  const size = quantityOf(
    at(claim, "status", "capacity", "storage") ?? at(claim, "spec", "resources", "requests", "storage"),
  );
  const { name, namespace, annotations, labels } = claim.metadata;
  return {
    name: `${backup.metadata.name}-volume-${name}`,
    volumeName: textAt(claim, "spec", "volumeName") ?? name,
    csiDriverName: "driver.longhorn.io",
    ...(isBackup(backup) ? { longhornBackupName: `backup-${backup.metadata.uid.slice(0, 8)}-${name}` } : {}),
    volumeSize: size,
    progress: 0,
    readyToUse: false,
    persistentVolumeClaim: {
      metadata: { name, namespace, ...(annotations ? { annotations } : {}), ...(labels ? { labels } : {}) },
      spec: at(claim, "spec"),
    },
  };
}

function begin(facts: BackupFacts, machine: KubeObject): BackupStep {
  const { backup, claims, target, now } = facts;
  const { name, namespace, annotations, labels } = machine.metadata;
  const conditions = withConditions(
    itemsAt(backup, "status", "conditions"),
    [
      { type: "Ready", status: "False" },
      { type: "InProgress", status: "True", message: "Operation in progress" },
    ],
    now,
  );
  return {
    status: {
      sourceUID: machine.metadata.uid,
      creationTime: stamp(now),
      readyToUse: false,
      progress: 0,
      ...(isBackup(backup) && target.kind === "set"
        ? {
            backupTarget: {
              endpoint: target.endpoint,
              bucketName: target.bucketName,
              bucketRegion: target.bucketRegion,
            },
          }
        : {}),
      source: {
        metadata: { name, namespace, ...(annotations ? { annotations } : {}), ...(labels ? { labels } : {}) },
        spec: at(machine, "spec"),
      },
      volumeBackups: claims.map((claim) => volumeBackup(backup, claim)),
      conditions,
    },
    againMs: durations.backupStep,
  };
}

function advance(facts: BackupFacts): BackupStep {
  const { backup, now } = facts;
  const begun = instantOf(at(backup, "status", "creationTime")) ?? now;
  const all = isBackup(backup) ? durations.backupSteps : 1;
  const steps = Math.min(all, Math.floor((now - begun) / durations.backupStep));
  const progress = Math.round((steps / all) * 100);
  const ready = steps >= all;
  const volumeBackups = itemsAt(backup, "status", "volumeBackups").map((one) => ({
    ...one,
    progress,
    readyToUse: ready,
    ...(ready ? { creationTime: stamp(now) } : {}),
  }));
  const status = { ...fieldsAt(backup, "status"), progress, readyToUse: ready, volumeBackups };
  if (!ready) return { status, againMs: begun + (steps + 1) * durations.backupStep - now };
  const news: Condition[] = [
    { type: "Ready", status: "True", message: "Operation complete" },
    { type: "InProgress", status: "False", message: "Operation complete" },
  ];
  const conditions = withConditions(itemsAt(backup, "status", "conditions"), news, now);
  return { status: { ...status, conditions }, becameReady: true };
}

/** One step of a backup or snapshot of a virtual machine. */
export function stepBackup(facts: BackupFacts): BackupStep {
  const { backup, machine, target } = facts;
  if (backup.metadata.deletionTimestamp !== undefined || flagAt(backup, "status", "readyToUse")) return {};
  if (at(backup, "status", "error") !== undefined) return {};
  const forced = backup.metadata.annotations?.[failAnnotation];
  if (forced !== undefined) return failed(facts, forced);
  const begun = at(backup, "status", "creationTime") !== undefined;
  const unreachable = isBackup(backup) ? targetFailure(target) : undefined;
  if (unreachable !== undefined) return failed(facts, unreachable);
  if (begun) return advance(facts);
  if (machine === undefined)
    return failed(
      facts,
      `virtualmachines.kubevirt.io "${textAt(backup, "spec", "source", "name") ?? ""}" not found`,
    );
  const unbound = facts.claims.find((claim) => textAt(claim, "status", "phase") !== "Bound");
  if (unbound !== undefined) return failed(facts, `PVC ${unbound.metadata.name} is not bound`);
  return begin(facts, machine);
}
