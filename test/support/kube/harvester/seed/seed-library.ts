import type { KubeObject, World } from "../../words.ts";
import { makeClass } from "../controllers/image-controller.ts";
import { kindIn } from "../controllers/kinds.ts";
import { make } from "../controllers/make.ts";
import { classNameOf, sizeOfUrl } from "../machines/image.rules.ts";
import { stamp } from "../machines/stamp.ts";
import { seededNodes } from "./seed-nodes.ts";

const longhorn = { migratable: "true", staleReplicaTimeout: "30" };

function seedClasses(world: World): void {
  const body = {
    provisioner: "driver.longhorn.io",
    reclaimPolicy: "Delete",
    allowVolumeExpansion: true,
    volumeBindingMode: "Immediate",
  };
  const isDefault = { "storageclass.kubernetes.io/is-default-class": "true" };
  make(
    world,
    "storageClass",
    { name: "harvester-longhorn", annotations: isDefault },
    { ...body, parameters: { ...longhorn, numberOfReplicas: "3" } },
  );
  make(
    world,
    "storageClass",
    { name: "longhorn-2-replicas" },
    { ...body, parameters: { ...longhorn, numberOfReplicas: "2" } },
  );
  make(
    world,
    "storageClass",
    { name: "local-lvm" },
    {
      ...body,
      provisioner: "lvm.driver.harvesterhci.io",
      volumeBindingMode: "WaitForFirstConsumer",
      parameters: { numberOfReplicas: "1" },
    },
  );
  for (const name of ["longhorn-snapshot", "longhorn"])
    make(world, "snapshotClass", { name }, { driver: "driver.longhorn.io", deletionPolicy: "Delete" });
}

/** An image that is there already. */
function seedImage(world: World, name: string, displayName: string, url: string): void {
  const image = make(
    world,
    "image",
    {
      name,
      namespace: "default",
      labels: { "harvesterhci.io/image-type": "raw_qcow2", "harvesterhci.io/os-type": "linux" },
      annotations: { "harvesterhci.io/storageClassName": "harvester-longhorn" },
    },
    { spec: { displayName, sourceType: "download", url, retry: 3, backend: "backingimage" } },
  );
  const at = stamp(world.clock.now());
  const done = (type: string) => ({ type, status: "True", lastTransitionTime: at });
  const className = classNameOf(image);
  makeClass(world, image, className);
  world.store.edit(kindIn(world, "image"), "default", name, (stored) => {
    stored["status"] = {
      appliedUrl: url,
      progress: 100,
      size: sizeOfUrl(url),
      virtualSize: 2_361_393_152,
      storageClassName: className,
      failed: 0,
      conditions: [done("Initialized"), done("Imported"), { ...done("RetryLimitExceeded"), status: "False" }],
    };
  });
}

function seedNetworks(world: World): void {
  const ready = { conditions: [{ type: "ready", status: "True" }] };
  make(world, "clusterNetwork", { name: "mgmt" }, { status: ready });
  make(world, "clusterNetwork", { name: "prod" }, { status: ready });
  make(
    world,
    "vlanConfig",
    { name: "prod-uplink" },
    {
      spec: {
        clusterNetwork: "prod",
        nodeSelector: {},
        uplink: {
          nics: ["eno2"],
          bondOptions: { mode: "active-backup", miimon: 100 },
          linkAttributes: { mtu: 9000, txQLen: -1 },
        },
      },
    },
  );
  for (const { name } of seededNodes)
    make(
      world,
      "vlanStatus",
      { name: `prod-uplink-${name}` },
      {
        status: {
          clusterNetwork: "prod",
          vlanConfig: "prod-uplink",
          linkMonitor: "prod",
          node: name,
          conditions: [{ type: "ready", status: "True" }],
        },
      },
    );
  seedAttachment(world, "default", "vlan100", "mgmt", 100);
  seedAttachment(world, "ml-team", "vlan200", "prod", 200);
}

function seedAttachment(world: World, namespace: string, name: string, network: string, vlan: number): void {
  const config = {
    cniVersion: "0.3.1",
    name,
    type: "bridge",
    bridge: `${network}-br`,
    promiscMode: true,
    vlan,
    ipam: {},
  };
  const route = { mode: "auto", serverIPAddr: "", cidr: `172.16.${vlan}.0/24`, gateway: `172.16.${vlan}.1` };
  make(
    world,
    "attachment",
    {
      namespace,
      name,
      labels: {
        "network.harvesterhci.io/clusternetwork": network,
        "network.harvesterhci.io/type": "L2VlanNetwork",
        "network.harvesterhci.io/vlan-id": `${vlan}`,
        "network.harvesterhci.io/ready": "true",
      },
      annotations: { "network.harvesterhci.io/route": JSON.stringify(route) },
    },
    { spec: { config: JSON.stringify(config) } },
  );
}

function seedTemplate(world: World): KubeObject {
  make(
    world,
    "template",
    { namespace: "harvester-public", name: "iso-image-base-version" },
    {
      spec: {
        description: "An Ubuntu server with cloud-init",
        defaultVersionId: "harvester-public/ubuntu-v1",
      },
      status: { defaultVersion: 1, latestVersion: 1 },
    },
  );
  return make(
    world,
    "templateVersion",
    { namespace: "harvester-public", name: "ubuntu-v1" },
    {
      spec: {
        templateId: "harvester-public/iso-image-base-version",
        description: "2 processors, 4 GiB",
        imageId: "default/image-jammy",
        keyPairIds: ["default/admin-key"],
      },
      status: {
        version: 1,
        conditions: [
          { type: "parsed", status: "True" },
          { type: "assigned", status: "True" },
        ],
      },
    },
  );
}

/** Storage classes, images, networks, a key and a template. */
export function seedLibrary(world: World): void {
  seedClasses(world);
  seedImage(
    world,
    "image-jammy",
    "ubuntu-22.04-jammy",
    "https://cloud-images.ubuntu.com/jammy/current/jammy-server-cloudimg-amd64.img",
  );
  seedImage(
    world,
    "image-noble",
    "ubuntu-24.04-noble",
    "https://cloud-images.ubuntu.com/noble/current/noble-server-cloudimg-amd64.img",
  );
  const url =
    "https://download.opensuse.org/distribution/leap/15.6/appliances/openSUSE-Leap-15.6-Minimal-VM.x86_64-Cloud.qcow2";
  make(
    world,
    "image",
    { namespace: "default", name: "image-leap" },
    {
      spec: {
        displayName: "opensuse-leap-15.6",
        sourceType: "download",
        url,
        retry: 3,
        backend: "backingimage",
      },
    },
  );
  seedNetworks(world);
  make(
    world,
    "keyPair",
    { namespace: "default", name: "admin-key" },
    {
      spec: {
        publicKey:
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl admin@example",
      },
      status: {
        fingerPrint: "27:3a:8b:16:ad:dc:2c:67:0f:6b:5e:ba:fd:1c:d6:24",
        conditions: [{ type: "validated", status: "True" }],
      },
    },
  );
  seedTemplate(world);
}
