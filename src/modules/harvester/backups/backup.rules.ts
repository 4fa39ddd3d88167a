import type * as z from "zod";
import { problem } from "../../../kernel/problem.ts";
import { textAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import type { BackupTarget, CreateVmBackup, RestoreVmBackup, SetBackupTarget, VmBackup } from "./schemas.ts";

const apiVersion = "harvesterhci.io/v1beta1";
export const sourceOf = (machine: string) => ({
  apiGroup: "kubevirt.io",
  kind: "VirtualMachine",
  name: machine,
});

/** The object of a new backup or snapshot; it goes when its machine goes only if it is a snapshot. */
export function vmBackupOf(
  asked: z.output<typeof CreateVmBackup>,
  machine: KubeObject,
): Record<string, unknown> {
  const owner = {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    name: asked.machine,
    uid: machine.metadata.uid ?? "",
  };
  return {
    apiVersion,
    kind: "VirtualMachineBackup",
    metadata: {
      name: asked.name,
      namespace: asked.namespace,
      ...(asked.labels === undefined ? {} : { labels: asked.labels }),
      ...(asked.type === "snapshot" ? { ownerReferences: [owner] } : {}),
    },
    spec: {
      type: asked.type,
      source: sourceOf(asked.machine),
      ...(asked.freezeSeconds === undefined ? {} : { fsFreezeDeadline: `${asked.freezeSeconds}s` }),
    },
  };
}

/** @throws conflict `harvester.no_backup_target` */
export function mustHaveTarget(target: BackupTarget): void {
  if (target.configured) return;
  throw problem(
    "conflict",
    "harvester.no_backup_target",
    "The cluster has no backup target. Set one, or take a snapshot, which stays in the cluster.",
  );
}

/** Backups and snapshots of a namespace share their names. */
export function nameTaken({ type, name }: VmBackup) {
  return problem("conflict", "harvester.name_taken", `There is a ${type} ${name} in the namespace already.`, {
    errors: [{ pointer: "/name", code: "taken", message: "Choose another name." }],
  });
}

/** The object of a restore, and the namespace that it is made in. */
export function vmRestoreOf(
  { into, halt }: Pick<z.output<typeof RestoreVmBackup>, "into" | "halt">,
  backup: VmBackup,
): { readonly namespace: string; readonly object: Record<string, unknown> } {
  const namespace = into.kind === "new" ? (into.namespace ?? backup.namespace) : backup.namespace;
  const machine = into.kind === "new" ? into.machine : (backup.machine ?? "");
  return {
    namespace,
    object: {
      apiVersion,
      kind: "VirtualMachineRestore",
      metadata: { namespace, generateName: `restore-${backup.name.slice(0, 40)}-` },
      spec: {
        target: sourceOf(machine),
        virtualMachineBackupName: backup.name,
        virtualMachineBackupNamespace: backup.namespace,
        newVM: into.kind === "new",
        ...(into.kind === "new"
          ? { keepMacAddress: into.keepMacAddresses }
          : { deletionPolicy: into.oldVolumes }),
        haltAfterRestore: halt,
      },
    },
  };
}

/**
 * Refuses a restore that the cluster would refuse: of a backup that is not ready, of a snapshot into another namespace
 * or at the cost of the volumes it lives on, or over a machine that runs.
 */
export function mustBeRestorable(
  { into }: Pick<z.output<typeof RestoreVmBackup>, "into">,
  backup: VmBackup,
  machine: KubeObject | undefined,
): void {
  if (backup.state !== "ready")
    throw problem(
      "conflict",
      "harvester.wrong_state",
      `The ${backup.type} is ${backup.state}. It can be restored when it is ready.`,
    );
  const refuse = (pointer: string, code: string, message: string) =>
    problem("invalid_input", `harvester.${code}`, message, { errors: [{ pointer, code, message }] });
  if (into.kind === "new") {
    if (backup.type === "snapshot" && into.namespace !== undefined && into.namespace !== backup.namespace)
      throw refuse("/into/namespace", "snapshot_stays", "A snapshot is restored in its own namespace only.");
    if (machine !== undefined)
      throw problem(
        "conflict",
        "harvester.name_taken",
        `There is a virtual machine ${into.machine} already.`,
        {
          errors: [{ pointer: "/into/machine", code: "taken", message: "Choose another name." }],
        },
      );
    return;
  }
  if (machine === undefined)
    throw problem(
      "conflict",
      "harvester.wrong_state",
      `${backup.machine} is gone; restore it as a new machine.`,
    );
  if (into.confirm !== backup.machine)
    throw refuse("/into/confirm", "not_confirmed", `What is on ${backup.machine} is replaced. Say its name.`);
  if (backup.type === "snapshot" && into.oldVolumes === "delete")
    throw refuse("/into/oldVolumes", "volumes_needed", "A snapshot lives on these volumes; retain them.");
  const status = textAt(machine, "status", "printableStatus") ?? "Unknown";
  if (status !== "Stopped")
    throw problem(
      "conflict",
      "harvester.wrong_state",
      `${backup.machine} is ${status}. Stop it before what is on it is replaced.`,
      { data: { state: status } },
    );
}

/** The value of the setting; `secret` is the key that `secretName` stands for. */
export function targetValueOf(
  { target }: Pick<z.output<typeof SetBackupTarget>, "target">,
  secret: string | undefined,
): string {
  const refresh =
    target.refreshSeconds === undefined ? {} : { refreshIntervalInSeconds: target.refreshSeconds };
  if (target.type === "nfs") return JSON.stringify({ type: "nfs", endpoint: target.endpoint, ...refresh });
  return JSON.stringify({
    type: "s3",
    endpoint: target.endpoint,
    bucketName: target.bucket,
    bucketRegion: target.region,
    accessKeyId: target.accessKeyId,
    secretAccessKey: secret ?? "",
    virtualHostedStyle: target.virtualHostedStyle,
    ...refresh,
  });
}
