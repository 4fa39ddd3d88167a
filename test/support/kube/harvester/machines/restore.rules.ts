import type { KubeObject } from "../../words.ts";
import { type Condition, withConditions } from "./conditions.ts";
import { durations } from "./durations.ts";
import { at, type Fields, fieldsAt, flagAt, itemsAt, textAt, textsAt } from "./fields.ts";
import { macOf } from "./guest.rules.ts";
import { instantOf, stamp } from "./stamp.ts";

export interface RestoreFacts {
  readonly restore: KubeObject;
  readonly backup: KubeObject | undefined;
  readonly machine: KubeObject | undefined;
  /** The machine that is to be replaced still has a guest. */
  readonly running: boolean;
  readonly claimsBound: boolean;
  readonly now: number;
}

export interface NewClaim {
  readonly name: string;
  readonly annotations: Record<string, string>;
  readonly spec: Fields;
}

export interface RestoreStep {
  readonly status?: Fields;
  /** Claims to make; those that they replace are told in `drop`. */
  readonly makeClaims?: readonly NewClaim[];
  /** The machine to make, or whose spec to set. */
  readonly machine?: {
    readonly labels: Record<string, string>;
    readonly annotations: Record<string, string>;
    readonly spec: Fields;
  };
  readonly drop?: readonly string[];
  readonly complete?: boolean;
  readonly failedWith?: string;
  readonly againMs?: number;
}

const isNew = (restore: unknown) => flagAt(restore, "spec", "newVM");

/** The name of the claim that takes the place of another. */
export function restoredClaim(restore: KubeObject, claim: string): string {
  return `restore-${restore.metadata.uid.slice(0, 8)}-${claim}`.slice(0, 63).replace(/[-.]+$/, "");
}

function failed({ restore, now }: RestoreFacts, message: string): RestoreStep {
  const news: Condition[] = [
    { type: "Ready", status: "False", reason: "Error", message },
    { type: "InProgress", status: "False", reason: "Error", message },
  ];
  const conditions = withConditions(itemsAt(restore, "status", "conditions"), news, now);
  return { status: { ...fieldsAt(restore, "status"), complete: false, conditions }, failedWith: message };
}

function newClaims(restore: KubeObject, backup: KubeObject): NewClaim[] {
  return itemsAt(backup, "status", "volumeBackups").map((one) => {
    const { volumeName: _bound, ...spec } = fieldsAt(one, "persistentVolumeClaim", "spec");
    const { "harvesterhci.io/owned-by": _owner, ...annotations } = textsAt(
      one,
      "persistentVolumeClaim",
      "metadata",
      "annotations",
    );
    const kept = Object.entries(annotations).filter(([name]) => !/^(pv|volume)\.kubernetes\.io\//.test(name));
    return {
      name: restoredClaim(restore, textAt(one, "persistentVolumeClaim", "metadata", "name") ?? ""),
      annotations: { ...Object.fromEntries(kept), "restore.harvesterhci.io/name": restore.metadata.name },
      spec,
    };
  });
}

function withNewClaims(restore: KubeObject, spec: Fields): Fields {
  const template = fieldsAt(spec, "template");
  const inner = fieldsAt(template, "spec");
  const volumes = itemsAt(inner, "volumes").map((volume) => {
    const claim = textAt(volume, "persistentVolumeClaim", "claimName");
    return claim === undefined
      ? volume
      : {
          ...volume,
          persistentVolumeClaim: {
            ...fieldsAt(volume, "persistentVolumeClaim"),
            claimName: restoredClaim(restore, claim),
          },
        };
  });
  const keepsMac = !isNew(restore) || flagAt(restore, "spec", "keepMacAddress");
  const devices = fieldsAt(inner, "domain", "devices");
  const interfaces = itemsAt(devices, "interfaces").map((card) =>
    keepsMac ? card : { ...card, macAddress: macOf(restore.metadata.uid, textAt(card, "name") ?? "") },
  );
  const domain = { ...fieldsAt(inner, "domain"), devices: { ...devices, interfaces } };
  return { ...spec, template: { ...template, spec: { ...inner, volumes, domain } } };
}

function begin(facts: RestoreFacts, backup: KubeObject): RestoreStep {
  const { restore, now } = facts;
  const conditions = withConditions(
    itemsAt(restore, "status", "conditions"),
    [
      { type: "InProgress", status: "True", message: "Creating new PVCs" },
      { type: "Ready", status: "False", message: "Waiting for new PVCs" },
    ],
    now,
  );
  return {
    makeClaims: newClaims(restore, backup),
    status: {
      ...fieldsAt(restore, "status"),
      complete: false,
      progress: 0,
      restoreTime: stamp(now),
      restores: itemsAt(backup, "status", "volumeBackups").map((one) => ({
        volumeName: textAt(one, "volumeName") ?? "",
        volumeBackupName: textAt(one, "name") ?? "",
        volumeSize: one["volumeSize"],
        progress: 0,
        persistentVolumeClaimSpec: one["persistentVolumeClaim"],
      })),
      conditions,
    },
    againMs: durations.restoreStep,
  };
}

function complete(facts: RestoreFacts, backup: KubeObject): RestoreStep {
  const { restore, machine, now } = facts;
  const source = fieldsAt(backup, "status", "source");
  const halt = flagAt(restore, "spec", "haltAfterRestore");
  const spec = withNewClaims(restore, fieldsAt(source, "spec"));
  const { "harvesterhci.io/volumeClaimTemplates": _claims, ...annotations } = textsAt(
    source,
    "metadata",
    "annotations",
  );
  const replaced =
    isNew(restore) || textAt(restore, "spec", "deletionPolicy") === "retain"
      ? []
      : itemsAt(machine, "spec", "template", "spec", "volumes").flatMap(
          (volume) => textAt(volume, "persistentVolumeClaim", "claimName") ?? [],
        );
  const done: Condition[] = [
    { type: "InProgress", status: "False", message: "Operation complete" },
    { type: "Ready", status: "True", message: "Operation complete" },
  ];
  return {
    machine: {
      labels: textsAt(source, "metadata", "labels"),
      annotations: { ...annotations, "restore.harvesterhci.io/name": restore.metadata.name },
      spec: halt ? { ...spec, runStrategy: "Halted" } : spec,
    },
    drop: replaced,
    complete: true,
    status: {
      ...fieldsAt(restore, "status"),
      complete: true,
      progress: 100,
      ...(replaced.length > 0 ? { deletedVolumes: replaced } : {}),
      restores: itemsAt(restore, "status", "restores").map((one) => ({ ...one, progress: 100 })),
      conditions: withConditions(itemsAt(restore, "status", "conditions"), done, now),
    },
  };
}

/** One step of a restore: new claims from the backup, then the machine with them. */
export function stepRestore(facts: RestoreFacts): RestoreStep {
  const { restore, backup, machine, running, now } = facts;
  if (restore.metadata.deletionTimestamp !== undefined || flagAt(restore, "status", "complete")) return {};
  if (itemsAt(restore, "status", "conditions").some((one) => one["reason"] === "Error")) return {};
  const name = textAt(restore, "spec", "virtualMachineBackupName") ?? "";
  if (backup === undefined) return failed(facts, `virtualmachinebackups.harvesterhci.io "${name}" not found`);
  if (!flagAt(backup, "status", "readyToUse")) return failed(facts, `VMBackup ${name} is not ready to use`);
  const target = textAt(restore, "spec", "target", "name") ?? "";
  const begun = instantOf(at(restore, "status", "restoreTime"));
  if (begun === undefined) {
    if (isNew(restore) && machine !== undefined) return failed(facts, `VM ${target} is already exists`);
    if (!isNew(restore) && machine === undefined)
      return failed(facts, `virtualmachines.kubevirt.io "${target}" not found`);
    if (!isNew(restore) && running)
      return failed(facts, `please stop the VM "${target}" before doing a restore`);
    return begin(facts, backup);
  }
  const steps = Math.min(durations.restoreSteps, Math.floor((now - begun) / durations.restoreStep));
  const progress = Math.round((steps / durations.restoreSteps) * 100);
  if (steps >= durations.restoreSteps && facts.claimsBound) return complete(facts, backup);
  const shown = Math.min(progress, 99);
  return {
    status: {
      ...fieldsAt(restore, "status"),
      progress: shown,
      restores: itemsAt(restore, "status", "restores").map((one) => ({ ...one, progress: shown })),
    },
    againMs: Math.max(durations.notice, begun + (steps + 1) * durations.restoreStep - now),
  };
}
