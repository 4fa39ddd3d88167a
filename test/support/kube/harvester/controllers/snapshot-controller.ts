import type { KubeObject, World } from "../../words.ts";
import { durations } from "../machines/durations.ts";
import { at, flagAt, textAt } from "../machines/fields.ts";
import { instantOf, stamp } from "../machines/stamp.ts";
import { emit } from "./emit.ts";
import { kindIn, watched } from "./kinds.ts";
import { editIfChanged, type Key, reconciler } from "./reconciler.ts";

function refuse(world: World, key: Key, snapshot: KubeObject, message: string): void {
  editIfChanged(world.store, kindIn(world, "volumeSnapshot"), key, (stored) => {
    stored["status"] = { readyToUse: false, error: { time: stamp(world.clock.now()), message } };
  });
  emit(
    world,
    snapshot,
    { type: "Warning", reason: "SnapshotContentCreationFailed", message },
    "snapshot-controller",
  );
}

/** Makes snapshots of volumes ready. */
export const snapshotController = reconciler({
  name: "volumesnapshots",
  watches: [watched("volumeSnapshot")],
  reconcile(world, key) {
    const kind = kindIn(world, "volumeSnapshot");
    const snapshot = world.store.find(kind, key.namespace, key.name);
    if (snapshot === undefined || flagAt(snapshot, "status", "readyToUse")) return undefined;
    if (at(snapshot, "status", "error") !== undefined || snapshot.metadata.deletionTimestamp !== undefined)
      return undefined;
    const now = world.clock.now();
    const name = textAt(snapshot, "spec", "source", "persistentVolumeClaimName") ?? "";
    const claim = world.store.find(kindIn(world, "claim"), key.namespace, name);
    if (textAt(claim, "status", "phase") !== "Bound") {
      const why =
        claim === undefined
          ? `failed to get input parameters to create snapshot: the PVC ${name} was not found`
          : `the PVC ${name} is not yet bound to a PV`;
      refuse(world, key, snapshot, why);
      return undefined;
    }
    const ready = (instantOf(snapshot.metadata.creationTimestamp) ?? now) + durations.snapshot;
    editIfChanged(world.store, kind, key, (stored) => {
      stored["status"] = {
        boundVolumeSnapshotContentName: `snapcontent-${stored.metadata.uid}`,
        creationTime: stamp(instantOf(stored.metadata.creationTimestamp) ?? now),
        readyToUse: now >= ready,
        restoreSize: at(claim, "status", "capacity", "storage"),
      };
    });
    return now < ready ? ready - now : undefined;
  },
});
