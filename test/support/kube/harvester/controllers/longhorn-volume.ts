import type { KubeObject, World } from "../../words.ts";
import { requestedSize, volumeNameOf } from "../machines/claim.rules.ts";
import { at, fieldsAt, textAt, textsAt } from "../machines/fields.ts";
import { spread } from "../machines/guest.rules.ts";
import { copiesWanted, nodesForCopies } from "../machines/longhorn.rules.ts";
import { guestNodes, isReady } from "../machines/node.rules.ts";
import { quantityOf } from "../machines/quantity.ts";
import { stamp } from "../machines/stamp.ts";
import { shortHash } from "./emit.ts";
import { kindIn } from "./kinds.ts";
import { make, ownedBy } from "./make.ts";
import { editIfChanged } from "./reconciler.ts";

export const longhornNamespace = "longhorn-system";

/** Storage nodes and whether they answer. */
export function storageNodes(world: World): Map<string, boolean> {
  const nodes = guestNodes(world.store.list(kindIn(world, "node")));
  return new Map(nodes.map((node) => [node.metadata.name, isReady(node)]));
}

/** A copy of a volume on a node; without `healthyAt` it is yet to be filled. */
export function makeReplica(world: World, volume: KubeObject, node: string, healthyAt: string): void {
  const { name } = volume.metadata;
  const unique = shortHash(name, node, `${world.store.revision()}`);
  make(
    world,
    "longhornReplica",
    {
      name: `${name}-r-${unique}`,
      namespace: longhornNamespace,
      labels: { longhornvolume: name, longhornnode: node },
      ownerReferences: [ownedBy(volume)],
    },
    {
      spec: { volumeName: name, nodeID: node, active: true, desireState: "running", failedAt: "", healthyAt },
      status: { currentState: "running" },
    },
  );
}

function makePersistentVolume(world: World, claim: KubeObject, name: string): void {
  make(
    world,
    "persistentVolume",
    { name, annotations: { "pv.kubernetes.io/provisioned-by": "driver.longhorn.io" } },
    {
      spec: {
        capacity: { storage: requestedSize(claim) },
        accessModes: at(claim, "spec", "accessModes") ?? ["ReadWriteOnce"],
        volumeMode: textAt(claim, "spec", "volumeMode") ?? "Filesystem",
        storageClassName: textAt(claim, "spec", "storageClassName") ?? "",
        persistentVolumeReclaimPolicy: "Delete",
        claimRef: {
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          namespace: claim.metadata.namespace,
          name: claim.metadata.name,
          uid: claim.metadata.uid,
        },
        csi: { driver: "driver.longhorn.io", volumeHandle: name },
      },
      status: { phase: "Bound" },
    },
  );
}

/** The volume behind a claim, with its copies on the storage nodes. */
export function makeVolume(world: World, claim: KubeObject): void {
  const name = volumeNameOf(claim);
  if (world.store.find(kindIn(world, "longhornVolume"), longhornNamespace, name) !== undefined) return;
  const className = textAt(claim, "spec", "storageClassName") ?? "";
  const storageClass = world.store.find(kindIn(world, "storageClass"), undefined, className);
  const bytes = quantityOf(requestedSize(claim));
  const used = Math.round((bytes * (15 + spread(claim.metadata.uid, 45))) / 100);
  makePersistentVolume(world, claim, name);
  const volume = make(
    world,
    "longhornVolume",
    { name, namespace: longhornNamespace, labels: { longhornvolume: name } },
    {
      spec: {
        size: `${bytes}`,
        numberOfReplicas: Number(textsAt(storageClass, "parameters")["numberOfReplicas"] ?? "3"),
        dataEngine: "v1",
        frontend: "blockdev",
        accessMode: "rwx",
        migratable: textsAt(storageClass, "parameters")["migratable"] === "true",
      },
      status: {
        state: "detached",
        robustness: "unknown",
        actualSize: used,
        currentNodeID: "",
        kubernetesStatus: {
          namespace: claim.metadata.namespace,
          pvcName: claim.metadata.name,
          pvName: name,
          pvStatus: "Bound",
        },
        conditions: [],
      },
    },
  );
  const now = stamp(world.clock.now());
  for (const node of nodesForCopies(name, storageNodes(world)).slice(0, copiesWanted(volume)))
    makeReplica(world, volume, node, now);
}

export function resizeVolume(world: World, name: string, size: string): void {
  editIfChanged(
    world.store,
    kindIn(world, "longhornVolume"),
    { namespace: longhornNamespace, name },
    (volume) => {
      volume["spec"] = { ...fieldsAt(volume, "spec"), size: `${quantityOf(size)}` };
    },
  );
  editIfChanged(world.store, kindIn(world, "persistentVolume"), { namespace: undefined, name }, (volume) => {
    volume["spec"] = { ...fieldsAt(volume, "spec"), capacity: { storage: size } };
  });
}

/** Takes the volume, its copies and the cluster's view of it away. */
export function removeVolume(world: World, name: string): void {
  const places = [
    ["persistentVolume", undefined],
    ["longhornVolume", longhornNamespace],
  ] as const;
  for (const [kindName, namespace] of places) {
    const kind = kindIn(world, kindName);
    if (world.store.find(kind, namespace, name) !== undefined) world.store.delete(kind, namespace, name);
  }
}
