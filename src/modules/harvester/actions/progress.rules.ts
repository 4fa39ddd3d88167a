import type { KubeObject } from "../kube/object.ts";

/** How far something that goes on in a cluster has come. `percent` is 0 to 100 and only a hint. */
export interface Progress {
  readonly state: "running" | "done" | "failed";
  readonly percent: number;
  readonly message: string;
}

const running = (percent: number, message: string): Progress => ({
  state: "running",
  percent: Math.max(0, Math.min(99, Math.floor(percent))),
  message,
});
const done = (message: string): Progress => ({ state: "done", percent: 100, message });
const failed = (message: string): Progress => ({ state: "failed", percent: 0, message });

interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
}

const statusOf = (object: KubeObject): Readonly<Record<string, unknown>> =>
  (object["status"] as Readonly<Record<string, unknown>> | undefined) ?? {};

const conditionOf = (object: KubeObject, type: string): Condition | undefined =>
  ((statusOf(object)["conditions"] as readonly Condition[] | undefined) ?? []).find(
    (found) => found.type === type,
  );

const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0);

/** A virtual machine image on its way: from a URL, a volume or another image. */
export function imageProgress(image: KubeObject): Progress {
  const imported = conditionOf(image, "Imported");
  const percent = numberOf(statusOf(image)["progress"]);
  if (imported?.status === "True") return done("The image is imported.");
  const givenUp = conditionOf(image, "RetryLimitExceeded");
  if (givenUp?.status === "True") return failed(givenUp.message || "The image could not be imported.");
  if (imported?.status === "False" && imported.reason === "ImportFailed" && givenUp === undefined)
    return failed(imported.message || "The image could not be imported.");
  return running(percent, imported?.message || "The image is being imported.");
}

/** A live migration (VirtualMachineInstanceMigration). */
export function migrationProgress(migration: KubeObject): Progress {
  const phase = String(statusOf(migration)["phase"] ?? "Pending");
  const places: Readonly<Record<string, number>> = {
    Pending: 0,
    Scheduling: 10,
    Scheduled: 20,
    PreparingTarget: 30,
    TargetReady: 40,
    Running: 60,
  };
  if (phase === "Succeeded") return done("The machine has moved.");
  if (phase === "Failed") {
    const state = statusOf(migration)["migrationState"] as { failureReason?: string } | undefined;
    return failed(state?.failureReason || "The migration failed; the machine stays where it was.");
  }
  return running(places[phase] ?? 50, `The migration is ${phase}.`);
}

/** A backup or snapshot of a virtual machine. */
export function backupProgress(backup: KubeObject): Progress {
  const { readyToUse, progress, error } = statusOf(backup) as {
    readyToUse?: boolean;
    progress?: number;
    error?: { message?: string };
  };
  if (error !== undefined) return failed(error.message || "The backup failed.");
  if (readyToUse === true) return done("The backup is ready to use.");
  return running(progress ?? 0, "The backup is being made.");
}

/** A restore of a virtual machine. */
export function restoreProgress(restore: KubeObject): Progress {
  const { complete, progress } = statusOf(restore) as { complete?: boolean; progress?: number };
  const wrong = conditionOf(restore, "Failure") ?? conditionOf(restore, "Failed");
  if (wrong?.status === "True") return failed(wrong.message || "The restore failed.");
  if (complete === true) return done("The machine is restored.");
  return running(progress ?? 0, "The machine is being restored.");
}

/** A snapshot of one volume. */
export function volumeSnapshotProgress(snapshot: KubeObject): Progress {
  const { readyToUse, error } = statusOf(snapshot) as { readyToUse?: boolean; error?: { message?: string } };
  if (error !== undefined) return failed(error.message || "The snapshot failed.");
  return readyToUse === true
    ? done("The snapshot is ready to use.")
    : running(50, "The snapshot is being made.");
}

/** A host on its way into maintenance mode. */
export function maintenanceProgress(node: KubeObject): Progress {
  const annotations = node.metadata.annotations ?? {};
  const status = annotations["harvesterhci.io/maintain-status"];
  if (status === "completed") return done("The host is in maintenance mode.");
  if (status === "running") return running(50, "Machines are leaving the host.");
  if (annotations["harvesterhci.io/drain-requested"] === "true")
    return running(10, "The host will be drained.");
  return failed("The host is not on its way into maintenance mode any more.");
}

/** A volume that grows. */
export function resizeProgress(claim: KubeObject): Progress {
  const asked = (claim["spec"] as { resources?: { requests?: { storage?: string } } } | undefined)?.resources
    ?.requests?.storage;
  const has = (statusOf(claim)["capacity"] as { storage?: string } | undefined)?.storage;
  const resizing = conditionOf(claim, "Resizing") ?? conditionOf(claim, "FileSystemResizePending");
  if (asked !== undefined && asked === has) return done(`The volume has ${has}.`);
  return running(50, resizing?.message || `The volume grows to ${asked ?? "its new size"}.`);
}

/** An add-on that is switched on or off. */
export function addonProgress(addon: KubeObject): Progress {
  const status = String(statusOf(addon)["status"] ?? "");
  const enabled = (addon["spec"] as { enabled?: boolean } | undefined)?.enabled === true;
  if (/Failed|Error/i.test(status)) return failed(`The add-on is ${status}.`);
  if (enabled && status === "AddonDeploySuccessful") return done("The add-on is deployed.");
  if (!enabled && (status === "AddonDisabled" || status === "")) return done("The add-on is off.");
  return running(50, status === "" ? "The add-on is being deployed." : `The add-on is ${status}.`);
}

/** A support bundle. */
export function bundleProgress(bundle: KubeObject): Progress {
  const { state, progress } = statusOf(bundle) as { state?: string; progress?: number };
  if (state === "ready") return done("The bundle can be downloaded.");
  if (state === "error")
    return failed(conditionOf(bundle, "initialized")?.message || "The bundle could not be made.");
  return running(progress ?? 0, "The bundle is being made.");
}
