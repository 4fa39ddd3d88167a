import type { KubeObject, World } from "../../words.ts";
import { instanceFinalizer } from "../controllers/instance-controller.ts";
import { kindIn } from "../controllers/kinds.ts";
import { bindLauncher, createLauncher } from "../controllers/launcher.ts";
import { makeVolume } from "../controllers/longhorn-volume.ts";
import { make, ownedBy } from "../controllers/make.ts";
import { boundStatus, volumeNameOf } from "../machines/claim.rules.ts";
import { withCondition } from "../machines/conditions.ts";
import { type Fields, fieldsAt, itemsAt, textAt } from "../machines/fields.ts";
import { instanceFor } from "../machines/instance-spec.rules.ts";
import { inPhase, pausedCondition, runningStatus, withAgent } from "../machines/instance-status.rules.ts";
import { machineStatus } from "../machines/machine-status.rules.ts";
import { gpuResource } from "./seed-nodes.ts";

export interface SeededMachine {
  readonly namespace: string;
  readonly name: string;
  readonly cores: number;
  readonly memory: string;
  readonly disk: string;
  readonly network: string;
  readonly runStrategy: "RerunOnFailure" | "Always" | "Halted";
  readonly gpu?: boolean;
  readonly annotations?: Record<string, string>;
  readonly labels?: Record<string, string>;
  /** Where it runs already, and for how long. */
  readonly running?: { readonly node: string; readonly hours: number; readonly paused?: boolean };
}

const image = "default/image-jammy";

function templateSpec({ name, cores, memory, network, gpu }: SeededMachine): Fields {
  return {
    hostname: name,
    evictionStrategy: "LiveMigrateIfPossible",
    terminationGracePeriodSeconds: 120,
    domain: {
      cpu: { cores, sockets: 1, threads: 1 },
      memory: { guest: memory },
      resources: { requests: { cpu: `${cores * 250}m`, memory }, limits: { cpu: `${cores}`, memory } },
      features: { acpi: { enabled: true } },
      machine: { type: "q35" },
      devices: {
        disks: [
          { name: "disk-0", disk: { bus: "virtio" }, bootOrder: 1 },
          { name: "cloudinitdisk", disk: { bus: "virtio" } },
        ],
        interfaces: [{ name: "default", model: "virtio", bridge: {} }],
        inputs: [{ bus: "usb", name: "tablet", type: "tablet" }],
        ...(gpu === true ? { hostDevices: [{ name: "gpu-0", deviceName: gpuResource }] } : {}),
      },
    },
    networks: [{ name: "default", multus: { networkName: network } }],
    volumes: [
      { name: "disk-0", persistentVolumeClaim: { claimName: `${name}-disk-0` } },
      {
        name: "cloudinitdisk",
        cloudInitNoCloud: { secretRef: { name: `${name}-ci` }, networkDataSecretRef: { name: `${name}-ci` } },
      },
    ],
  };
}

function claimTemplate(world: World, { name, disk }: SeededMachine): Fields {
  const found = world.store.find(kindIn(world, "image"), "default", "image-jammy");
  return {
    metadata: { name: `${name}-disk-0`, annotations: { "harvesterhci.io/imageId": image } },
    spec: {
      accessModes: ["ReadWriteMany"],
      volumeMode: "Block",
      resources: { requests: { storage: disk } },
      storageClassName: textAt(found, "status", "storageClassName") ?? "harvester-longhorn",
    },
  };
}

function seedClaim(world: World, { namespace }: SeededMachine, template: Fields): void {
  const name = textAt(template, "metadata", "name") ?? "";
  const annotations = { "harvesterhci.io/imageId": image, "pv.kubernetes.io/bind-completed": "yes" };
  const claim = make(
    world,
    "claim",
    { name, namespace, annotations, finalizers: ["kubernetes.io/pvc-protection"] },
    { spec: fieldsAt(template, "spec"), status: { phase: "Pending" } },
  );
  makeVolume(world, claim);
  world.store.edit(kindIn(world, "claim"), namespace, name, (stored) => {
    stored["spec"] = { ...fieldsAt(stored, "spec"), volumeName: volumeNameOf(claim) };
    stored["status"] = boundStatus(claim);
  });
}

function seedInstance(
  world: World,
  machine: KubeObject,
  { node, hours, paused }: NonNullable<SeededMachine["running"]>,
): void {
  const { labels, annotations, spec } = instanceFor(machine);
  const { namespace, name } = machine.metadata;
  const began = world.clock.now() - hours * 3_600_000;
  const instance = make(
    world,
    "instance",
    {
      name,
      namespace,
      labels: { ...labels, "kubevirt.io/nodeName": node },
      annotations,
      finalizers: [instanceFinalizer],
      ownerReferences: [ownedBy(machine)],
    },
    { spec },
  );
  bindLauncher(world, createLauncher(world, instance), node);
  world.store.edit(kindIn(world, "instance"), namespace, name, (stored) => {
    for (const phase of ["Pending", "Scheduling", "Scheduled"])
      stored["status"] = inPhase(stored, phase, began);
    stored["status"] = runningStatus(stored, node, began);
    const status = withAgent(stored, began);
    stored["status"] =
      paused === true
        ? { ...status, conditions: withCondition(itemsAt(status, "conditions"), pausedCondition, began) }
        : status;
  });
}

function tellStatus(world: World, { metadata: { namespace, name } }: KubeObject): void {
  const instance = world.store.find(kindIn(world, "instance"), namespace, name);
  const claims = { missing: [], unbound: [], waiting: false };
  world.store.edit(kindIn(world, "virtualMachine"), namespace, name, (machine) => {
    machine["status"] = machineStatus({ machine, instance, claims, now: world.clock.now() });
  });
}

/** A virtual machine with its disk and its cloud-init, and its guest if it runs already. */
export function seedMachine(world: World, seeded: SeededMachine): void {
  const { namespace, name, runStrategy } = seeded;
  const template = claimTemplate(world, seeded);
  seedClaim(world, seeded, template);
  const userdata = `#cloud-config\npackage_update: true\npackages:\n  - qemu-guest-agent\nhostname: ${name}\n`;
  make(
    world,
    "secret",
    { name: `${name}-ci`, namespace, labels: { "harvesterhci.io/cloud-init-template": "harvester" } },
    { type: "secret", data: { userdata: Buffer.from(userdata).toString("base64"), networkdata: "" } },
  );
  const machine = make(
    world,
    "virtualMachine",
    {
      name,
      namespace,
      labels: { "harvesterhci.io/creator": "harvester", "harvesterhci.io/os": "ubuntu", ...seeded.labels },
      annotations: {
        "harvesterhci.io/volumeClaimTemplates": JSON.stringify([template]),
        "harvesterhci.io/vmRunStrategy": runStrategy === "Halted" ? "RerunOnFailure" : runStrategy,
        ...seeded.annotations,
      },
    },
    {
      spec: {
        runStrategy,
        template: {
          metadata: {
            labels: { "harvesterhci.io/vmName": name },
            annotations: { "harvesterhci.io/sshNames": JSON.stringify(["default/admin-key"]) },
          },
          spec: templateSpec(seeded),
        },
      },
      status: seeded.running === undefined && runStrategy !== "Halted" ? {} : { runStrategy },
    },
  );
  if (seeded.running !== undefined) seedInstance(world, machine, seeded.running);
  tellStatus(world, machine);
}
