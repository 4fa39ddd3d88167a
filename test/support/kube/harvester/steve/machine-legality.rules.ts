import type { KubeObject } from "../../words.ts";
import { annotation, claimTemplates, label } from "../admission/look.ts";
import { isHotpluggable, runStrategyOf } from "../admission/machine-defaults.ts";
import { cdRomsOf } from "../admission/machine-devices.ts";
import { isTrue } from "../machines/conditions.ts";
import { at, fieldsAt, flagAt, itemsAt, numberAt, textAt } from "../machines/fields.ts";

/** What decides which actions a machine takes now. */
export interface MachineFacts {
  readonly machine: KubeObject;
  readonly instance: KubeObject | undefined;
  readonly nodes: number;
  /** Backups and snapshots made of this very machine. */
  readonly backups: number;
  readonly hasBackupTarget: boolean;
  /** A volume that an importer made: no backups of those. */
  readonly hasImportedVolume: boolean;
  readonly canSnapshot: boolean;
  readonly mayEditQuota: boolean;
}

const NIC_PATH = ["spec", "template", "spec", "domain", "devices", "interfaces"] as const;

const phaseOf = (instance: KubeObject | undefined) => textAt(instance, "status", "phase") ?? "";

function isStarting(machine: KubeObject): boolean {
  return itemsAt(machine, "status", "stateChangeRequests").some((one) => one["action"] === "Start");
}

export function canStart({ machine, instance }: MachineFacts): boolean {
  if (isStarting(machine)) return false;
  return instance === undefined || ["", "Unknown", "Succeeded", "Failed"].includes(phaseOf(instance));
}

export function canStop({ machine, instance }: MachineFacts): boolean {
  const strategy = runStrategyOf(machine);
  if (strategy === "Halted") return false;
  if (strategy !== "Manual" && strategy !== "RerunOnFailure") return true;
  return ["Pending", "Scheduling", "Scheduled", "Running"].includes(phaseOf(instance));
}

export function canRestart({ machine, instance }: MachineFacts): boolean {
  return !isStarting(machine) && runStrategyOf(machine) !== "Halted" && instance !== undefined;
}

const isRunning = (instance: KubeObject | undefined) => phaseOf(instance) === "Running";

export function canPause({ instance }: MachineFacts): boolean {
  return (
    isRunning(instance) && at(instance, "spec", "livenessProbe") === undefined && !isTrue(instance, "Paused")
  );
}

/** Why an instance cannot move to another node; undefined when it can. */
export function whyNotMigratable(instance: KubeObject): string | undefined {
  const { namespace, name } = instance.metadata;
  const said = `VM ${namespace}/${name} is not live migratable as`;
  const devices = fieldsAt(instance, "spec", "domain", "devices");
  if (!isRunning(instance)) return `${said} it is not running`;
  if (annotation(instance, "harvesterhci.io/migrationUID") !== undefined) {
    return `${said} it is already in a migrating state`;
  }
  if (textAt(instance, "spec", "nodeSelector", "kubernetes.io/hostname") !== undefined) {
    return `${said} node selector is set`;
  }
  if (itemsAt(devices, "hostDevices").length > 0) return `${said} PCIe or USB devices are attached`;
  if (itemsAt(devices, "gpus").length > 0) return `${said} vGPU devices are attached`;
  const live = itemsAt(instance, "status", "conditions").find((one) => one["type"] === "LiveMigratable");
  return live?.["status"] === "False"
    ? `${said} the condition reported with reason: ${textAt(live, "reason") ?? ""}`
    : undefined;
}

export function migrationState(instance: KubeObject | undefined): string {
  return annotation(instance, "harvesterhci.io/migrationState") ?? "";
}

export function canMigrate({ instance, nodes }: MachineFacts): boolean {
  return (
    instance !== undefined &&
    instance.metadata.deletionTimestamp === undefined &&
    migrationState(instance) === "" &&
    nodes >= 2 &&
    whyNotMigratable(instance) === undefined
  );
}

export function canAbortMigration(instance: KubeObject | undefined): boolean {
  return ["Migrating", "Pending migration"].includes(migrationState(instance));
}

function isSettled({ machine, instance }: MachineFacts): boolean {
  return (
    at(machine, "status", "snapshotInProgress") === undefined &&
    machine.metadata.deletionTimestamp === undefined &&
    instance?.metadata.deletionTimestamp === undefined &&
    (instance === undefined || ["Running", "Succeeded"].includes(phaseOf(instance)))
  );
}

export function canRestore({ machine, instance, backups }: MachineFacts): boolean {
  return (
    !flagAt(machine, "status", "ready") &&
    at(machine, "status", "snapshotInProgress") === undefined &&
    instance === undefined &&
    backups > 0
  );
}

function canCreateTemplate({ instance }: MachineFacts): boolean {
  return (
    instance === undefined ||
    (instance.metadata.deletionTimestamp === undefined &&
      ["Running", "Succeeded"].includes(phaseOf(instance)))
  );
}

export function canHotplugProcessors(machine: KubeObject): boolean {
  const cpu = fieldsAt(machine, "spec", "template", "spec", "domain", "cpu");
  const single = (name: string) => (numberAt(cpu, name) ?? 1) === 1;
  return (
    single("cores") &&
    single("threads") &&
    textAt(machine, "status", "printableStatus") === "Running" &&
    isHotpluggable(machine) &&
    !["RestartRequired", "HotVCPUChange", "HotMemoryChange"].some((type) => isTrue(machine, type))
  );
}

function hasAddresses(machine: KubeObject): boolean {
  const ofCluster = label(machine, "harvesterhci.io/creator") === "docker-machine-driver-harvester";
  return !ofCluster && itemsAt(machine, ...NIC_PATH).every((nic) => textAt(nic, "macAddress") !== undefined);
}

/** The interfaces that can be taken out while the machine runs: bridged virtio ones, and never the last. */
export function removableNics(machine: KubeObject): string[] {
  const nics = itemsAt(machine, ...NIC_PATH);
  if (!hasAddresses(machine) || nics.length <= 1) return [];
  return nics
    .filter((nic) => nic["state"] !== "absent" && nic["bridge"] !== undefined)
    .filter((nic) => ["virtio", undefined].includes(textAt(nic, "model")))
    .map((nic) => textAt(nic, "name") ?? "");
}

function isMovingStorage(machine: KubeObject): boolean {
  try {
    return claimTemplates(machine).some(({ targetVolume }) => targetVolume !== undefined);
  } catch {
    return false;
  }
}

/** The actions that are offered, by name. */
export function machineActions(facts: MachineFacts): string[] {
  const { machine, instance } = facts;
  const drives = cdRomsOf(machine);
  const migrates = canMigrate(facts);
  const offered: readonly (readonly [string, boolean])[] = [
    ["updateResourceQuota", facts.mayEditQuota],
    ["deleteResourceQuota", facts.mayEditQuota],
    ["addVolume", true],
    ["removeVolume", true],
    ["clone", true],
    ["insertCdRomVolume", drives.canInsert],
    ["ejectCdRomVolume", drives.canEject],
    ["start", canStart(facts)],
    ["stop", canStop(facts)],
    ["restart", canRestart(facts)],
    ["softreboot", canPause(facts)],
    ["pause", canPause(facts)],
    ["unpause", isRunning(instance) && isTrue(instance, "Paused")],
    ["migrate", migrates],
    ["findMigratableNodes", migrates],
    ["storageMigration", migrates],
    ["cpuAndMemoryHotplug", migrates && canHotplugProcessors(machine)],
    ["addNic", migrates && hasAddresses(machine)],
    ["removeNic", migrates && removableNics(machine).length > 0],
    ["findHotunpluggableNics", migrates && removableNics(machine).length > 0],
    ["abortMigration", canAbortMigration(instance)],
    ["backup", isSettled(facts) && facts.hasBackupTarget && !facts.hasImportedVolume],
    ["snapshot", isSettled(facts) && facts.canSnapshot],
    ["restore", canRestore(facts)],
    ["createTemplate", canCreateTemplate(facts)],
    ["forceStop", textAt(machine, "status", "printableStatus") === "Stopping"],
    [
      "dismissInsufficientResourceQuota",
      annotation(machine, "harvesterhci.io/insufficient-resource-quota") !== undefined,
    ],
    ["cancelStorageMigration", isMovingStorage(machine)],
  ];
  return offered.flatMap(([name, can]) => (can ? [name] : []));
}
