import { describe, expect, it } from "vitest";
import type * as z from "zod";
import { readAddon, shownValues } from "../../../../../src/modules/harvester/addons/addon.rules.ts";
import { Addon } from "../../../../../src/modules/harvester/addons/schemas.ts";
import {
  readBackupSchedule,
  readBackupTarget,
  readVmBackup,
  readVmRestore,
} from "../../../../../src/modules/harvester/backups/read-backups.rules.ts";
import * as backups from "../../../../../src/modules/harvester/backups/schemas.ts";
import {
  readIpPool,
  readLoadBalancer,
} from "../../../../../src/modules/harvester/balancers/read-balancers.rules.ts";
import * as balancers from "../../../../../src/modules/harvester/balancers/schemas.ts";
import { readImage } from "../../../../../src/modules/harvester/images/read-image.rules.ts";
import { Image } from "../../../../../src/modules/harvester/images/schemas.ts";
import type { KubeObject } from "../../../../../src/modules/harvester/kube/object.ts";
import {
  readLogFlow,
  readLogOutput,
} from "../../../../../src/modules/harvester/logging/read-logging.rules.ts";
import * as logging from "../../../../../src/modules/harvester/logging/schemas.ts";
import { readAlertmanagerConfig } from "../../../../../src/modules/harvester/monitoring/read-series.rules.ts";
import { AlertmanagerConfig } from "../../../../../src/modules/harvester/monitoring/schemas.ts";
import { readNamespace } from "../../../../../src/modules/harvester/namespaces/namespace.rules.ts";
import { Namespace } from "../../../../../src/modules/harvester/namespaces/schemas.ts";
import {
  readClusterNetwork,
  readVlanConfig,
  readVmNetwork,
} from "../../../../../src/modules/harvester/networks/read-networks.rules.ts";
import * as networks from "../../../../../src/modules/harvester/networks/schemas.ts";
import {
  readRelease,
  readUpgrade,
} from "../../../../../src/modules/harvester/releases/read-releases.rules.ts";
import * as releases from "../../../../../src/modules/harvester/releases/schemas.ts";
import { Setting } from "../../../../../src/modules/harvester/settings/schemas.ts";
import { readSetting } from "../../../../../src/modules/harvester/settings/setting.rules.ts";
import { readStorageClass } from "../../../../../src/modules/harvester/storage-classes/read-storage-class.rules.ts";
import { StorageClass } from "../../../../../src/modules/harvester/storage-classes/schemas.ts";
import { SupportBundle } from "../../../../../src/modules/harvester/support/schemas.ts";
import { readSupportBundle } from "../../../../../src/modules/harvester/support/support-bundle.rules.ts";
import {
  noFacts,
  readVolume,
  readVolumeSnapshot,
} from "../../../../../src/modules/harvester/volumes/read-volume.rules.ts";
import * as volumes from "../../../../../src/modules/harvester/volumes/schemas.ts";

const readers: readonly (readonly [string, (object: KubeObject) => unknown, z.ZodType])[] = [
  ["volume", (one) => readVolume(one, noFacts), volumes.Volume],
  ["volume snapshot", readVolumeSnapshot, volumes.VolumeSnapshot],
  ["image", readImage, Image],
  ["namespace", readNamespace, Namespace],
  ["network of machines", readVmNetwork, networks.VmNetwork],
  ["network of the cluster", readClusterNetwork, networks.ClusterNetwork],
  ["VLAN configuration", readVlanConfig, networks.VlanConfig],
  ["load balancer", readLoadBalancer, balancers.LoadBalancer],
  ["pool", (one) => readIpPool(one), balancers.IpPool],
  ["backup", readVmBackup, backups.VmBackup],
  ["restore", readVmRestore, backups.VmRestore],
  ["schedule", readBackupSchedule, backups.BackupSchedule],
  ["backup target", readBackupTarget, backups.BackupTarget],
  ["flow", readLogFlow, logging.LogFlow],
  ["output", readLogOutput, logging.LogOutput],
  ["Alertmanager's configuration", readAlertmanagerConfig, AlertmanagerConfig],
  ["setting", readSetting, Setting],
  ["add-on", readAddon, Addon],
  ["storage class", readStorageClass, StorageClass],
  ["upgrade", readUpgrade, releases.Upgrade],
  ["release", readRelease, releases.Release],
  ["support bundle", readSupportBundle, SupportBundle],
];

const bare: KubeObject = { metadata: { name: "x" } };
const odd: KubeObject = {
  metadata: { name: "x", namespace: "y", creationTimestamp: "never", annotations: { "a/b": "{" } },
  spec: "text",
  status: [1, null, { conditions: "none" }],
  value: "{not json",
};

describe.each(readers)("the shape of a %s", (_, read, shape) => {
  it("is whole though the object lacks its fields, or has others than one would think", () => {
    for (const object of [bare, odd, { ...bare, spec: null, status: { conditions: [null, 3, {}] } }])
      expect(shape.safeParse(read(object)).error).toBeUndefined();
  });
});

describe("values of an add-on", () => {
  it("are hidden as a whole when they can't be read", () => {
    expect(shownValues({ ...bare, spec: { valuesContent: "password: [hunter2" } })).toBe("(hidden)");
    expect(shownValues(bare)).toBe("");
  });
});
