import type { Kind } from "../../words.ts";
import * as backups from "../schemas/backups.ts";
import * as longhornSchemas from "../schemas/longhorn.ts";
import { columns, inGroup } from "./custom-kind.ts";

const snapshots = inGroup("snapshot.storage.k8s.io", "v1");
const longhorn = inGroup("longhorn.io", "v1beta2");

export const storageKinds: readonly Kind[] = [
  snapshots("VolumeSnapshot", "volumesnapshots", backups.volumeSnapshot, {
    shortNames: ["vs"],
    subresources: ["status"],
    columns: columns(
      "READYTOUSE:status.readyToUse:boolean",
      "SOURCEPVC:spec.source.persistentVolumeClaimName",
      "RESTORESIZE:status.restoreSize",
    ),
  }),
  snapshots("VolumeSnapshotContent", "volumesnapshotcontents", backups.volumeSnapshotContent, {
    cluster: true,
  }),
  snapshots("VolumeSnapshotClass", "volumesnapshotclasses", backups.volumeSnapshotClass, { cluster: true }),
  longhorn("Volume", "volumes", longhornSchemas.volume, {
    shortNames: ["lhv"],
    subresources: ["status"],
    columns: columns("STATE:status.state", "ROBUSTNESS:status.robustness", "NODE:status.currentNodeID"),
  }),
  longhorn("Node", "nodes", longhornSchemas.node, { shortNames: ["lhn"], subresources: ["status"] }),
  longhorn("Replica", "replicas", longhornSchemas.replica, { shortNames: ["lhr"] }),
  longhorn("Engine", "engines", longhornSchemas.engine, { shortNames: ["lhe"] }),
  longhorn("BackingImage", "backingimages", longhornSchemas.backingImage, { shortNames: ["lhbi"] }),
  longhorn("BackupVolume", "backupvolumes", longhornSchemas.backupVolume, { shortNames: ["lhbv"] }),
  longhorn("Setting", "settings", longhornSchemas.setting, { shortNames: ["lhs"] }),
];
