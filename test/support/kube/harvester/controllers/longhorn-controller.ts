import type { KubeObject, StoreEvent, World } from "../../words.ts";
import { fieldsAt, textAt } from "../machines/fields.ts";
import { claimsOf } from "../machines/instance-spec.rules.ts";
import { degradeAnnotation, stepVolume, type VolumeStep } from "../machines/longhorn.rules.ts";
import { stamp } from "../machines/stamp.ts";
import { usersOf } from "./claim-controller.ts";
import { emit } from "./emit.ts";
import { kindIn, watched } from "./kinds.ts";
import { longhornNamespace, makeReplica, storageNodes } from "./longhorn-volume.ts";
import { editIfChanged, type Key, keyOf, reconciler } from "./reconciler.ts";

const component = "longhorn-volume-controller";

function replicasOf(world: World, volume: string): KubeObject[] {
  return world.store
    .list(kindIn(world, "longhornReplica"), longhornNamespace)
    .filter((one) => textAt(one, "spec", "volumeName") === volume);
}

/** The node of the guest that has the volume. */
function attachedTo(world: World, volume: KubeObject): string | undefined {
  const status = fieldsAt(volume, "status", "kubernetesStatus");
  const name = textAt(status, "pvcName");
  const claim =
    name === undefined
      ? undefined
      : world.store.find(kindIn(world, "claim"), textAt(status, "namespace"), name);
  if (claim === undefined) return undefined;
  for (const user of usersOf(world, claim)) {
    const node = textAt(user, "status", "nodeName");
    if (node !== undefined) return node;
  }
  return undefined;
}

function carryOut(world: World, key: Key, volume: KubeObject, step: VolumeStep): void {
  const now = stamp(world.clock.now());
  const replicaKind = kindIn(world, "longhornReplica");
  const set = (name: string, spec: Record<string, string>) =>
    editIfChanged(world.store, replicaKind, { namespace: longhornNamespace, name }, (replica) => {
      replica["spec"] = { ...fieldsAt(replica, "spec"), ...spec };
      replica["status"] = { currentState: spec["failedAt"] === "" ? "running" : "stopped" };
    });
  for (const name of step.fail) set(name, { failedAt: now, healthyAt: "" });
  for (const name of step.heal) set(name, { failedAt: "", healthyAt: now });
  for (const name of step.remove) world.store.delete(replicaKind, longhornNamespace, name);
  for (const node of step.rebuildOn) makeReplica(world, volume, node, "");
  editIfChanged(world.store, kindIn(world, "longhornVolume"), key, (stored) => {
    stored["status"] = {
      ...fieldsAt(stored, "status"),
      state: step.state,
      robustness: step.robustness,
      currentNodeID: step.node,
    };
    if (stored.metadata.annotations?.[degradeAnnotation] !== "all")
      delete stored.metadata.annotations?.[degradeAnnotation];
  });
  for (const said of step.says) emit(world, volume, said, component);
}

/** The volumes behind the claims that an instance has now, or had before. */
function volumesOfInstance({ object, old }: StoreEvent, world: World): Key[] {
  const kind = kindIn(world, "claim");
  const names = new Set([object, old].flatMap((one) => claimsOf(one?.["spec"])));
  return [...names].flatMap((name) => {
    const volume = textAt(world.store.find(kind, object.metadata.namespace, name), "spec", "volumeName");
    return volume === undefined ? [] : [{ namespace: longhornNamespace, name: volume }];
  });
}

const volumesOf = (world: World): Key[] =>
  world.store.list(kindIn(world, "longhornVolume"), longhornNamespace).map(keyOf);

/** Keeps the copies of volumes whole. */
export const longhornController = reconciler({
  name: "longhorn-volumes",
  watches: [
    watched("longhornVolume"),
    {
      ...watched("longhornReplica"),
      concerns: ({ object }) => [
        { namespace: longhornNamespace, name: textAt(object, "spec", "volumeName") ?? "" },
      ],
    },
    { ...watched("node"), concerns: (_event, world) => volumesOf(world) },
    { ...watched("instance"), concerns: volumesOfInstance },
  ],
  reconcile(world, key) {
    const volume = world.store.find(kindIn(world, "longhornVolume"), key.namespace, key.name);
    if (volume === undefined) return undefined;
    const step = stepVolume({
      volume,
      replicas: replicasOf(world, key.name),
      nodes: storageNodes(world),
      attachedTo: attachedTo(world, volume),
      now: world.clock.now(),
    });
    carryOut(world, key, volume, step);
    return step.againMs;
  },
});
