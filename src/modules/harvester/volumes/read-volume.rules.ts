import {
  conditionsOf,
  fieldAt,
  instantOf,
  jsonAt,
  listAt,
  metaOf,
  numberAt,
  textAt,
  textsAt,
} from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import { bytesOf } from "../kube/quantity.rules.ts";
import type { Volume, VolumeSnapshot } from "./schemas.ts";

/** What is known of volumes from elsewhere: who has them as disks, and what the storage says. */
export interface VolumeFacts {
  /** Names of virtual machines by `namespace/claim`. */
  readonly attachments: ReadonlyMap<string, readonly string[]>;
  /** Longhorn's volumes by the name of the persistent volume. */
  readonly storage: ReadonlyMap<string, KubeObject>;
}

export const noFacts: VolumeFacts = { attachments: new Map(), storage: new Map() };

/** A persistent volume claim as a volume. */
export function readVolume(claim: KubeObject, facts: VolumeFacts): Volume {
  const namespace = claim.metadata.namespace ?? "";
  const sizeBytes = bytesOf(fieldAt(claim, "spec", "resources", "requests", "storage"));
  const capacityBytes = bytesOf(fieldAt(claim, "status", "capacity", "storage"));
  const claimed = facts.attachments.get(`${namespace}/${claim.metadata.name}`) ?? [];
  return {
    namespace,
    ...metaOf(claim),
    state: stateOf(claim, sizeBytes, capacityBytes),
    size: sizeTextOf(claim),
    sizeBytes,
    capacityBytes,
    storageClass: textAt(claim, "spec", "storageClassName"),
    volumeMode: textAt(claim, "spec", "volumeMode"),
    accessModes: textsAt(claim, "spec", "accessModes"),
    image: textAt(claim, "metadata", "annotations", "harvesterhci.io/imageId"),
    attachedTo: [...new Set([...claimed, ...ownersOf(claim, namespace)])].sort(),
    health: healthOf(facts.storage.get(textAt(claim, "spec", "volumeName") ?? "")),
    description: textAt(claim, "metadata", "annotations", "field.cattle.io/description"),
  };
}

function sizeTextOf(claim: KubeObject): string | null {
  const size = fieldAt(claim, "spec", "resources", "requests", "storage");
  return size === undefined || size === null ? null : String(size);
}

function stateOf(claim: KubeObject, asked: number | null, there: number | null): Volume["state"] {
  if (claim.metadata.deletionTimestamp !== undefined) return "deleting";
  const phase = textAt(claim, "status", "phase");
  if (phase === "Lost") return "lost";
  if (phase !== "Bound") return "pending";
  const resizes = conditionsOf(claim).some(
    ({ type, status }) => /^(?:Resizing|FileSystemResizePending)$/.test(type) && status === "True",
  );
  return resizes || (asked !== null && there !== null && asked > there) ? "expanding" : "bound";
}

/** Harvester keeps who uses a claim in an annotation: `[{"schema":"kubevirt.io.virtualmachine","refs":["ns/vm"]}]`. */
function ownersOf(claim: KubeObject, namespace: string): string[] {
  const owners = jsonAt(claim, "metadata", "annotations", "harvesterhci.io/owned-by");
  return listAt({ owners }, "owners")
    .filter((owner) => textAt(owner, "schema") === "kubevirt.io.virtualmachine")
    .flatMap((owner) => textsAt(owner, "refs"))
    .filter((ref) => ref.startsWith(`${namespace}/`))
    .map((ref) => ref.slice(namespace.length + 1));
}

function healthOf(volume: KubeObject | undefined): Volume["health"] {
  if (volume === undefined) return null;
  return {
    state: textAt(volume, "status", "state"),
    robustness: textAt(volume, "status", "robustness"),
    actualBytes: numberAt(volume, "status", "actualSize"),
    host: textAt(volume, "status", "currentNodeID"),
    replicas: numberAt(volume, "spec", "numberOfReplicas"),
  };
}

/** The claims that virtual machines have as disks, by `namespace/claim`. */
export function attachmentsOf(machines: readonly KubeObject[]): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const machine of machines) {
    for (const disk of listAt(machine, "spec", "template", "spec", "volumes")) {
      const claim = textAt(disk, "persistentVolumeClaim", "claimName") ?? textAt(disk, "dataVolume", "name");
      if (claim === null) continue;
      const key = `${machine.metadata.namespace ?? ""}/${claim}`;
      users.set(key, [...(users.get(key) ?? []), machine.metadata.name]);
    }
  }
  return users;
}

/** A snapshot of a volume. */
export function readVolumeSnapshot(snapshot: KubeObject): VolumeSnapshot {
  const failure = textAt(snapshot, "status", "error", "message");
  const isReady = fieldAt(snapshot, "status", "readyToUse") === true;
  return {
    namespace: snapshot.metadata.namespace ?? "",
    ...metaOf(snapshot),
    volume: textAt(snapshot, "spec", "source", "persistentVolumeClaimName"),
    state:
      snapshot.metadata.deletionTimestamp !== undefined
        ? "deleting"
        : isReady
          ? "ready"
          : failure === null
            ? "pending"
            : "failed",
    restoreBytes: bytesOf(fieldAt(snapshot, "status", "restoreSize")),
    snapshotClass: textAt(snapshot, "spec", "volumeSnapshotClassName"),
    takenAt: instantOf(fieldAt(snapshot, "status", "creationTime")),
    message: failure,
  };
}
