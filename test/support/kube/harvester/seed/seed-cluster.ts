import type { World } from "../../words.ts";
import { make } from "../controllers/make.ts";
import { seedBackups } from "./seed-backups.ts";
import { seedLibrary } from "./seed-library.ts";
import { seedNodes } from "./seed-nodes.ts";
import { seedSystem } from "./seed-system.ts";
import { type SeededMachine, seedMachine } from "./seeded-machine.ts";

const usual = {
  memory: "4Gi",
  cores: 2,
  disk: "20Gi",
  network: "default/vlan100",
  runStrategy: "RerunOnFailure",
} as const;

const machines: readonly SeededMachine[] = [
  { ...usual, namespace: "default", name: "web-01", running: { node: "harvester-01", hours: 70 } },
  {
    ...usual,
    namespace: "default",
    name: "db-01",
    cores: 4,
    memory: "8Gi",
    disk: "50Gi",
    running: { node: "harvester-02", hours: 210 },
  },
  { ...usual, namespace: "default", name: "build-01", cores: 4, memory: "8Gi", runStrategy: "Halted" },
  {
    ...usual,
    namespace: "ml-team",
    name: "train-01",
    cores: 8,
    memory: "32Gi",
    disk: "100Gi",
    network: "ml-team/vlan200",
    gpu: true,
    labels: { "harvesterhci.io/maintain-mode-strategy": "ShutdownAndRestartAfterEnable" },
    running: { node: "harvester-03", hours: 26 },
  },
  {
    ...usual,
    namespace: "ml-team",
    name: "notebook-01",
    memory: "8Gi",
    network: "ml-team/vlan200",
    running: { node: "harvester-02", hours: 12, paused: true },
  },
];

const troubled: readonly SeededMachine[] = [
  {
    ...usual,
    namespace: "default",
    name: "legacy-01",
    memory: "2Gi",
    runStrategy: "Always",
    annotations: { "sim.maru/crash": "boot" },
  },
  { ...usual, namespace: "ml-team", name: "giant-01", cores: 16, memory: "96Gi", network: "ml-team/vlan200" },
];

export interface SeedOptions {
  /** Machines that crash and that fit nowhere, so that a screen has trouble to show. Default: true. */
  readonly trouble?: boolean;
}

/** A cluster as one is found in the field: three hosts, machines in several states, images, networks, backups. */
export function seedCluster(world: World, { trouble = true }: SeedOptions = {}): void {
  seedSystem(world);
  seedNodes(world);
  seedLibrary(world);
  for (const machine of trouble ? [...machines, ...troubled] : machines) seedMachine(world, machine);
  make(
    world,
    "claim",
    { namespace: "default", name: "scratch-data" },
    {
      spec: {
        accessModes: ["ReadWriteMany"],
        volumeMode: "Block",
        storageClassName: "longhorn-2-replicas",
        resources: { requests: { storage: "10Gi" } },
      },
      status: { phase: "Pending" },
    },
  );
  make(
    world,
    "resourceQuota",
    { namespace: "ml-team", name: "default-resource-quota" },
    { spec: { hard: { "requests.cpu": "40", "requests.memory": "160Gi", "requests.storage": "2Ti" } } },
  );
  seedBackups(world);
}
