import type { Admission } from "../../words.ts";
import { checkBackup, checkNameFree } from "./backups.ts";
import { checkClusterNetwork, checkVlanConfig } from "./cluster-networks.ts";
import { checkImage, fillImage } from "./images.ts";
import { checkKeyPair } from "./keys.ts";
import { fillMachine } from "./machine-defaults.ts";
import { checkMachine } from "./machine-rules.ts";
import { checkAttachment, fillAttachment, fillVlanConfig } from "./networks.ts";
import { checkRestore } from "./restores.ts";
import { checkSchedule } from "./schedules.ts";
import { checkSetting } from "./settings.ts";
import {
  checkAddon,
  checkBalancer,
  checkMigration,
  checkNode,
  checkPool,
  checkSnapshotQuota,
  checkSupportBundle,
  checkUpgrade,
  checkVersionSum,
} from "./system.ts";
import { checkVersion, fillVersion } from "./templates.ts";
import { checkClaim, checkStorageClass, checkVolumeSnapshot, fillClaim } from "./volumes.ts";

const own = "harvesterhci.io";
const networks = "network.harvesterhci.io";
const balancing = "loadbalancer.harvesterhci.io";

/** What the webhooks of Harvester, of its network controller and of KubeVirt do. */
export const harvesterAdmissions: readonly Admission[] = [
  { group: "kubevirt.io", plural: "virtualmachines", mutate: fillMachine, validate: checkMachine },
  { group: "kubevirt.io", plural: "virtualmachineinstancemigrations", validate: checkMigration },
  { group: own, plural: "virtualmachineimages", mutate: fillImage, validate: checkImage },
  { group: own, plural: "virtualmachinetemplateversions", mutate: fillVersion, validate: checkVersion },
  { group: own, plural: "keypairs", validate: checkKeyPair },
  { group: own, plural: "virtualmachinebackups", mutate: checkNameFree, validate: checkBackup },
  { group: own, plural: "virtualmachinerestores", validate: checkRestore },
  { group: own, plural: "schedulevmbackups", validate: checkSchedule },
  { group: own, plural: "settings", validate: checkSetting },
  { group: own, plural: "addons", validate: checkAddon },
  { group: own, plural: "supportbundles", validate: checkSupportBundle },
  { group: own, plural: "resourcequotas", validate: checkSnapshotQuota },
  { group: own, plural: "upgrades", validate: checkUpgrade },
  { group: own, plural: "versions", validate: checkVersionSum },
  { group: networks, plural: "clusternetworks", validate: checkClusterNetwork },
  { group: networks, plural: "vlanconfigs", mutate: fillVlanConfig, validate: checkVlanConfig },
  {
    group: "k8s.cni.cncf.io",
    plural: "network-attachment-definitions",
    mutate: fillAttachment,
    validate: checkAttachment,
  },
  { group: balancing, plural: "loadbalancers", validate: checkBalancer },
  { group: balancing, plural: "ippools", validate: checkPool },
  { group: "snapshot.storage.k8s.io", plural: "volumesnapshots", validate: checkVolumeSnapshot },
  { group: "storage.k8s.io", plural: "storageclasses", validate: checkStorageClass },
  { group: "", plural: "persistentvolumeclaims", mutate: fillClaim, validate: checkClaim },
  { group: "", plural: "nodes", validate: checkNode },
];
