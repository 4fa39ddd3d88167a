import type { Kind } from "../../words.ts";
import * as backups from "../schemas/backups.ts";
import { blockDevice } from "../schemas/devices.ts";
import * as library from "../schemas/library.ts";
import * as system from "../schemas/system.ts";
import { columns, inGroup } from "./custom-kind.ts";

const harvester = inGroup("harvesterhci.io", "v1beta1");

const libraryKinds: readonly Kind[] = [
  harvester("VirtualMachineImage", "virtualmachineimages", library.image, {
    shortNames: ["vmimage", "vmimages"],
    columns: columns(
      "BACKEND:spec.backend",
      "DISPLAY-NAME:spec.displayName",
      "SIZE:status.size:integer",
      "VIRTUALSIZE:status.virtualSize:integer",
    ),
  }),
  harvester("VirtualMachineImageDownloader", "virtualmachineimagedownloaders", library.imageDownloader, {
    shortNames: ["vmimagedownloader", "vmimagedownloaders"],
    subresources: ["status"],
  }),
  harvester("VirtualMachineTemplate", "virtualmachinetemplates", library.template, {
    shortNames: ["vmtemplate", "vmtemplates"],
    subresources: ["status"],
    columns: columns("VERSION_ID:spec.defaultVersionId"),
  }),
  harvester("VirtualMachineTemplateVersion", "virtualmachinetemplateversions", library.templateVersion, {
    shortNames: ["vmtemplateversion", "vmtemplateversions"],
    columns: columns("TEMPLATE_ID:spec.templateId", "VERSION:status.version:integer"),
  }),
  harvester("KeyPair", "keypairs", library.keyPair, {
    shortNames: ["kp", "kps"],
    columns: columns("FINGER_PRINT:status.fingerPrint"),
  }),
  harvester("Preference", "preferences", library.preference),
];

const backupKinds: readonly Kind[] = [
  harvester("VirtualMachineBackup", "virtualmachinebackups", backups.backup, {
    shortNames: ["vmbackup", "vmbackups"],
    columns: columns(
      "SOURCE_KIND:spec.source.kind",
      "SOURCE_NAME:spec.source.name",
      "TYPE:spec.type",
      "READY_TO_USE:status.readyToUse:boolean",
      "ERROR:status.error.message",
    ),
  }),
  harvester("VirtualMachineRestore", "virtualmachinerestores", backups.restore, {
    shortNames: ["vmrestore", "vmrestores"],
    columns: columns(
      "TARGET_KIND:spec.target.kind",
      "TARGET_NAME:spec.target.name",
      "COMPLETE:status.complete:boolean",
    ),
  }),
  harvester("ScheduleVMBackup", "schedulevmbackups", backups.schedule, {
    shortNames: ["svmbackup", "svmbackups"],
    columns: columns(
      "CRON:spec.cron",
      "RETAIN:spec.retain:integer",
      "SUSPENDED:status.suspended:boolean",
      "FAILURE:status.failure:integer",
    ),
  }),
  harvester("VolumeRemoteBackup", "volumeremotebackups", library.volumeRemoteBackup),
  harvester("VolumeRemoteRestore", "volumeremoterestores", library.volumeRemoteRestore),
];

const systemKinds: readonly Kind[] = [
  harvester("Setting", "settings", system.setting, { cluster: true, columns: columns("VALUE:value") }),
  harvester("Addon", "addons", system.addon, {
    subresources: ["status"],
    columns: columns("HELMREPO:spec.repo", "CHARTNAME:spec.chart", "ENABLED:spec.enabled:boolean"),
  }),
  harvester("SupportBundle", "supportbundles", system.supportBundle, { shortNames: ["sb", "sbs"] }),
  harvester("Upgrade", "upgrades", system.upgrade),
  harvester("UpgradeLog", "upgradelogs", library.upgradeLog, {
    columns: columns("UPGRADE:spec.upgradeName"),
  }),
  harvester("Version", "versions", system.version, { columns: columns("ISO-URL:spec.isoURL") }),
  harvester("ResourceQuota", "resourcequotas", system.snapshotQuota, {
    shortNames: ["hrq", "hrqs"],
    subresources: ["status"],
  }),
  harvester("BlockDevice", "blockdevices", blockDevice, { shortNames: ["bd", "bds"] }),
  inGroup("metal.harvesterhci.io", "v1alpha1")("Inventory", "inventories", system.inventory, {
    subresources: ["status"],
  }),
];

export const ownKinds: readonly Kind[] = [...libraryKinds, ...backupKinds, ...systemKinds];
