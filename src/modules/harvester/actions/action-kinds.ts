import { isUnknown, type Kube } from "../kube/kube.ts";
import type { KubeObject } from "../kube/object.ts";
import { type Group, pathOf, stevePath } from "../kube/paths.rules.ts";
import {
  addonProgress,
  backupProgress,
  bundleProgress,
  imageProgress,
  maintenanceProgress,
  migrationProgress,
  type Progress,
  resizeProgress,
  restoreProgress,
  volumeSnapshotProgress,
} from "./progress.rules.ts";

/** The object that tells how far an action has come. */
export interface ActionTarget {
  readonly namespace: string | undefined;
  readonly name: string;
}

/** Something long that goes on in a cluster: how to look after it, and how to take it back when its job is cancelled. */
export interface ActionKind {
  look(kube: Kube, target: ActionTarget): Promise<Progress>;
  /** Absent: it can't be taken back; cancelling the job only ends the watching. */
  undo?(kube: Kube, target: ActionTarget): Promise<void>;
}

type Undo = NonNullable<ActionKind["undo"]>;

const watched = (
  group: Group,
  plural: string,
  progressOf: (object: KubeObject) => Progress,
  undo?: Undo,
): ActionKind => ({
  async look(kube, { namespace, name }) {
    const object = await kube.find(pathOf(group, plural, { namespace, name }));
    return object === undefined
      ? { state: "failed", percent: 0, message: `There is no ${name} in ${plural} any more.` }
      : progressOf(object);
  },
  ...(undo ? { undo } : {}),
});

const removed =
  (group: Group, plural: string): Undo =>
  async (kube, { namespace, name }) => {
    try {
      await kube.remove(pathOf(group, plural, { namespace, name }));
    } catch (error) {
      if (!isUnknown(error)) throw error;
    }
  };

/** Every kind of long action, by the name that jobs carry. */
export const actionKinds = {
  "image.import": watched(
    "harvester",
    "virtualmachineimages",
    imageProgress,
    removed("harvester", "virtualmachineimages"),
  ),
  "volume.export": watched(
    "harvester",
    "virtualmachineimages",
    imageProgress,
    removed("harvester", "virtualmachineimages"),
  ),
  "volume.resize": watched("core", "persistentvolumeclaims", resizeProgress),
  "volume.snapshot": watched(
    "snapshot",
    "volumesnapshots",
    volumeSnapshotProgress,
    removed("snapshot", "volumesnapshots"),
  ),
  "vm.migrate": watched(
    "kubevirt",
    "virtualmachineinstancemigrations",
    migrationProgress,
    removed("kubevirt", "virtualmachineinstancemigrations"),
  ),
  "vm.backup": watched(
    "harvester",
    "virtualmachinebackups",
    backupProgress,
    removed("harvester", "virtualmachinebackups"),
  ),
  "vm.snapshot": watched(
    "harvester",
    "virtualmachinebackups",
    backupProgress,
    removed("harvester", "virtualmachinebackups"),
  ),
  "vm.restore": watched("harvester", "virtualmachinerestores", restoreProgress),
  "host.maintenance": watched("core", "nodes", maintenanceProgress, async (kube, { name }) => {
    await kube.ask(
      "POST",
      stevePath("nodes", undefined, name),
      {},
      { query: { action: "disableMaintenanceMode" } },
    );
  }),
  "addon.switch": watched("harvester", "addons", addonProgress),
  "supportbundle.create": watched(
    "harvester",
    "supportbundles",
    bundleProgress,
    removed("harvester", "supportbundles"),
  ),
} as const satisfies Readonly<Record<string, ActionKind>>;
export type ActionName = keyof typeof actionKinds;
