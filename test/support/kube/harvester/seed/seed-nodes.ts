import type { World } from "../../words.ts";
import { longhornNamespace } from "../controllers/longhorn-volume.ts";
import { make } from "../controllers/make.ts";
import type { Fields } from "../machines/fields.ts";
import { macOf } from "../machines/guest.rules.ts";
import { readyCondition } from "../machines/node.rules.ts";
import { stamp } from "../machines/stamp.ts";

export const gpuResource = "nvidia.com/GA100_A100_PCIE_40GB";

export interface SeededNode {
  readonly name: string;
  readonly address: string;
  readonly gpus: number;
}

export const seededNodes: readonly SeededNode[] = [
  { name: "harvester-01", address: "192.168.10.11", gpus: 0 },
  { name: "harvester-02", address: "192.168.10.12", gpus: 0 },
  { name: "harvester-03", address: "192.168.10.13", gpus: 2 },
];

function amounts(cpu: string, memory: string, gpus: number): Fields {
  return {
    cpu,
    memory,
    pods: "200",
    "ephemeral-storage": "149Gi",
    "devices.kubevirt.io/kvm": "1k",
    ...(gpus > 0 ? { [gpuResource]: `${gpus}` } : {}),
  };
}

function conditions(at: string): Fields[] {
  const calm = (type: string, reason: string) => ({
    type,
    status: "False",
    reason,
    message: "",
    lastTransitionTime: at,
  });
  return [
    calm("MemoryPressure", "KubeletHasSufficientMemory"),
    calm("DiskPressure", "KubeletHasNoDiskPressure"),
    calm("PIDPressure", "KubeletHasSufficientPID"),
    { ...readyCondition, lastTransitionTime: at },
  ];
}

function labelsOf({ name, gpus }: SeededNode): Record<string, string> {
  return {
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
    "node-role.kubernetes.io/control-plane": "true",
    "node-role.kubernetes.io/etcd": "true",
    "harvesterhci.io/managed": "true",
    "kubevirt.io/schedulable": "true",
    cpumanager: "false",
    "network.harvesterhci.io/mgmt": "true",
    "network.harvesterhci.io/prod": "true",
    "topology.kubernetes.io/zone": `rack-${name.slice(-1)}`,
    ...(gpus > 0 ? { "sriovgpu.harvesterhci.io/driver-needed": "true" } : {}),
  };
}

function systemOf(name: string): Fields {
  return {
    architecture: "amd64",
    operatingSystem: "linux",
    osImage: "Harvester v1.8.0",
    kernelVersion: "6.4.0-150600.23.60-default",
    kubeletVersion: "v1.34.2+rke2r1",
    containerRuntimeVersion: "containerd://2.1.5-k3s1",
    machineID: name.replaceAll("-", ""),
    systemUUID: name,
    bootID: name,
    kubeProxyVersion: "",
  };
}

function seedNode(world: World, node: SeededNode): void {
  const { name, address, gpus } = node;
  const at = stamp(world.clock.now() - 40 * 86_400_000);
  make(
    world,
    "node",
    { name, labels: labelsOf(node), annotations: { "harvesterhci.io/host-hwid": name } },
    {
      spec: { podCIDR: "10.52.0.0/24", providerID: `rke2://${name}` },
      status: {
        capacity: amounts("16", "64Gi", gpus),
        allocatable: amounts("15", "60Gi", gpus),
        addresses: [
          { type: "InternalIP", address },
          { type: "Hostname", address: name },
        ],
        conditions: conditions(at),
        nodeInfo: systemOf(name),
      },
    },
  );
}

/** The board of a host, and what Longhorn knows of its disk. */
function seedHardware(world: World, name: string): void {
  make(
    world,
    "inventory",
    { name, namespace: "harvester-system" },
    {
      spec: { primaryDisk: "/dev/sda", managementInterfaceMacAddress: macOf(name, "board") },
      status: {
        status: "inventoryNodeReady",
        ownerCluster: { name: "local", namespace: "harvester-system" },
      },
    },
  );
  const gib = 2 ** 30;
  make(
    world,
    "longhornNode",
    { name, namespace: longhornNamespace },
    {
      spec: {
        name,
        allowScheduling: true,
        evictionRequested: false,
        disks: {
          "default-disk": { path: "/var/lib/harvester/defaultdisk", allowScheduling: true, tags: ["ssd"] },
        },
      },
      status: {
        conditions: [
          { type: "Ready", status: "True" },
          { type: "Schedulable", status: "True" },
        ],
        diskStatus: {
          "default-disk": {
            storageMaximum: 1_000 * gib,
            storageAvailable: 640 * gib,
            storageScheduled: 360 * gib,
          },
        },
      },
    },
  );
}

const systemPods = [
  ["harvester-system", "harvester-7c9d5f", "harvester-01", "apiserver"],
  ["harvester-system", "virt-controller-6f8b", "harvester-02", "virt-controller"],
  ["longhorn-system", "longhorn-manager-k2x7p", "harvester-01", "longhorn-manager"],
  ["cattle-monitoring-system", "prometheus-rancher-monitoring-prometheus-0", "harvester-02", "prometheus"],
] as const;

function seedPod(world: World, namespace: string, name: string, node: string, container: string): void {
  const now = stamp(world.clock.now());
  make(
    world,
    "pod",
    { namespace, name, labels: { app: container } },
    {
      spec: {
        nodeName: node,
        restartPolicy: "Always",
        containers: [
          {
            name: container,
            image: `rancher/${container}`,
            resources: { requests: { cpu: "250m", memory: "512Mi" } },
          },
        ],
      },
      status: {
        phase: "Running",
        startTime: now,
        conditions: [{ type: "Ready", status: "True", lastTransitionTime: now }],
        containerStatuses: [
          { name: container, ready: true, restartCount: 0, state: { running: { startedAt: now } } },
        ],
      },
    },
  );
  world.logs.append(namespace, name, `level=info msg="${container} started on ${node}"`);
  world.logs.append(namespace, name, `level=info msg="leader elected" holder=${name}`);
}

/** Three hosts of 16 processors and 64 GiB, the last with two GPUs, and a few of the pods that they always run. */
export function seedNodes(world: World): void {
  for (const node of seededNodes) {
    seedNode(world, node);
    seedHardware(world, node.name);
  }
  for (const [namespace, name, node, container] of systemPods)
    seedPod(world, namespace, name, node, container);
}
