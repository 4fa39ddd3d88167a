import type { AdmissionRequest, KubeObject, World } from "../../words.ts";
import { fieldsAt, flagAt, numberAt, textAt } from "../machines/fields.ts";
import { targetOf, unreachable } from "./backup-target.ts";
import { all, find } from "./look.ts";
import { harvester } from "./refusals.ts";
import { settingChecks } from "./setting-checks.ts";

function checkTargetFields(target: Record<string, unknown>): void {
  const has = (name: string) => textAt(target, name) !== undefined;
  const wrong = (why: string) => harvester.invalid(why, "value");
  const keys = has("accessKeyId") || has("secretAccessKey");
  const bucket = has("bucketName") || has("bucketRegion");
  if (target["type"] === "s3") {
    if (!has("accessKeyId") || !has("secretAccessKey")) {
      throw wrong("S3 backup target should have access key and access key id");
    }
    if (!has("bucketName") || !has("bucketRegion")) {
      throw wrong("S3 backup target should have bucket name and region ");
    }
  } else if (target["type"] === "nfs") {
    if (!has("endpoint")) throw wrong("NFS backup target should have endpoint");
    if (keys) throw wrong("NFS backup target should not have access key or access key id");
    if (bucket) throw wrong("NFS backup target should not have bucket name or region");
  } else {
    throw wrong("Invalid backup target type");
  }
}

/** The target of now, as it is read: without the keys of its bucket. */
function isStripped(world: World, target: Record<string, unknown>): boolean {
  if (target["type"] !== "s3" || textAt(target, "accessKeyId") || textAt(target, "secretAccessKey"))
    return false;
  const stored = textAt(find(world, "settings", undefined, "backup-target"), "value");
  const now = targetOf(stored);
  return ["type", "endpoint", "bucketName", "bucketRegion"].every(
    (name) => now !== "unset" && (textAt(now, name) ?? "") === (textAt(target, name) ?? ""),
  );
}

/** A target is changed only when nothing is on its way to or from it, and only to one that answers. */
function checkBackupTarget(world: World, setting: KubeObject): void {
  const value = textAt(setting, "value") ?? textAt(setting, "default");
  if (value === undefined) return;
  let target: Record<string, unknown> | "unset";
  try {
    target = targetOf(value);
  } catch (error) {
    throw harvester.invalid(error instanceof Error ? error.message : String(error), "value");
  }
  if (target !== "unset" && isStripped(world, target)) return;
  if (target !== "unset" && (numberAt(target, "refreshIntervalInSeconds") ?? 0) < 0) {
    throw harvester.invalid("Refresh interval should be greater than or equal to 0", "value");
  }
  const going = all(world, "virtualmachinebackups").some(
    (backup) => backup.metadata.deletionTimestamp !== undefined || !flagAt(backup, "status", "readyToUse"),
  );
  if (going) throw harvester.badRequest("There is VMBackup in creating or deleting progress");
  const coming = all(world, "virtualmachinerestores").some(
    (restore) => restore.metadata.deletionTimestamp !== undefined || !flagAt(restore, "status", "complete"),
  );
  if (coming) {
    throw harvester.badRequest(
      "Can't update the backup target. There is a VM either in the process of creating or deleting",
    );
  }
  if (target === "unset") return;
  checkTargetFields(target);
  const why = unreachable(target);
  if (why !== undefined) {
    throw harvester.invalid(`failed to connect to backup target, reason: ${why}`, "value");
  }
}

function checkText(world: World, name: string, text: string | undefined, field: string): void {
  const check = settingChecks[name];
  if (check === undefined || text === undefined || text === "") return;
  try {
    check(text, field, world);
  } catch (error) {
    if (error instanceof SyntaxError || error?.constructor === Error) {
      throw harvester.invalid(error.message, field);
    }
    throw error;
  }
}

/** What a setting may be. Values are texts; each name has its own rules. */
export function checkSetting({ operation, object, old, world }: AdmissionRequest): void {
  const { name } = object.metadata;
  if (operation === "DELETE") {
    if (
      ["storage-network", "rwx-network", "vm-migration-network", "cluster-pod-security-standard"].includes(
        name,
      )
    ) {
      throw harvester.notAllowed(`Disallow delete setting name ${name}`);
    }
    return;
  }
  if (fieldsAt({ old }, "old")["value"] === object["value"] && old !== undefined) return;
  if (name === "backup-target") checkBackupTarget(world, object);
  else checkText(world, name, textAt(object, "value"), "value");
}
