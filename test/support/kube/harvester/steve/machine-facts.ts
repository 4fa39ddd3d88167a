import type { KubeObject, SimRequest } from "../../words.ts";
import { currentTarget } from "../admission/backup-target.ts";
import { all, annotation, claimNames, find, provisionerOf, settingValue } from "../admission/look.ts";
import { fieldsAt, parsedText, textAt } from "../machines/fields.ts";
import { isAllowed } from "./asking.ts";
import type { MachineFacts } from "./machine-legality.rules.ts";

function hasTarget(request: SimRequest): boolean {
  try {
    return currentTarget(request.world) !== "unset";
  } catch {
    return false;
  }
}

/** Whether snapshots of a claim's volume can be taken: its driver is configured for them. */
export function isSnapshottable(request: SimRequest, claim: KubeObject): boolean {
  const { world } = request;
  const drivers = fieldsAt({ drivers: parsedText(settingValue(world, "csi-driver-config")) }, "drivers");
  return drivers[provisionerOf(world, claim) ?? ""] !== undefined;
}

export function mayEditQuota(request: SimRequest, namespace: string): boolean {
  return isAllowed(request, {
    verb: "update",
    group: "harvesterhci.io",
    resource: "resourcequotas",
    namespace,
  });
}

/** Gathers what decides a machine's actions. */
export function machineFacts(request: SimRequest, machine: KubeObject): MachineFacts {
  const { world } = request;
  const { namespace, name, uid } = machine.metadata;
  const claims = claimNames(machine).flatMap(
    (claim) => find(world, "persistentvolumeclaims", namespace, claim) ?? [],
  );
  return {
    machine,
    instance: find(world, "virtualmachineinstances", namespace, name),
    nodes: all(world, "nodes").length,
    backups: all(world, "virtualmachinebackups", namespace).filter(
      (backup) => textAt(backup, "status", "sourceUID") === uid,
    ).length,
    hasBackupTarget: hasTarget(request),
    hasImportedVolume: claims.some(
      (claim) => annotation(claim, "cdi.kubevirt.io/createdForDataVolume") !== undefined,
    ),
    canSnapshot: claims.every((claim) => isSnapshottable(request, claim)),
    mayEditQuota: mayEditQuota(request, namespace ?? "default"),
  };
}
