import type { AdmissionRequest, KubeObject, World } from "../../words.ts";
import { at, fieldsAt, flagAt, itemsAt, numberAt, textAt } from "../machines/fields.ts";
import { quantityOf } from "../machines/quantity.ts";
import { isAmount } from "./amounts.ts";
import {
  all,
  annotation,
  claimNames,
  find,
  LONGHORN,
  label,
  machinesUsing,
  provisionerOf,
  reference,
} from "./look.ts";
import { runStrategyOf } from "./machine-defaults.ts";
import { checkCdRoms, checkDevices, checkShareable } from "./machine-devices.ts";
import { checkClaimTemplates, checkMovedTemplates, checkTargetVolumes } from "./machine-volumes.ts";
import { harvester } from "./refusals.ts";

const SPEC = ["spec", "template", "spec"] as const;
const STRATEGIES = ["Migrate", "ShutdownAndRestartAfterEnable", "ShutdownAndRestartAfterDisable", "Shutdown"];
const RESERVED = "harvesterhci.io/reservedMemory";
const MAINTENANCE = "harvesterhci.io/maintain-mode-strategy";

function checkGoldenImages(world: World, machine: KubeObject): void {
  if (label(machine, "migration.harvesterhci.io/imported") === "true") return;
  for (const name of claimNames(machine)) {
    const claim = find(world, "persistentvolumeclaims", machine.metadata.namespace, name);
    if (annotation(claim, "harvesterhci.io/goldenImage") === "true") {
      throw harvester.invalid(
        `PVC ${machine.metadata.namespace}/${name} is a golden image, it can't be used as a volume in VM`,
        "spec.templates.spec.volumes",
      );
    }
  }
}

/** A Longhorn volume, or one that only a node may write, belongs to one machine. */
function checkOccupied(world: World, machine: KubeObject): void {
  const { namespace, name: self } = machine.metadata;
  for (const name of claimNames(machine)) {
    const claim = find(world, "persistentvolumeclaims", namespace, name);
    if (claim === undefined) continue;
    const modes = at(claim, "spec", "accessModes");
    const shared = Array.isArray(modes) && modes.includes("ReadWriteMany");
    if (shared && provisionerOf(world, claim) !== LONGHORN) continue;
    if (machinesUsing(world, namespace, name).some((other) => other.metadata.name !== self)) {
      throw harvester.invalid(
        `PVC ${namespace}/${name} is already used by other VM, please use a shareable RWX volume.`,
        "spec.templates.spec.volumes",
      );
    }
  }
}

function checkGrace(machine: KubeObject): void {
  if ((numberAt(machine, ...SPEC, "terminationGracePeriodSeconds") ?? 0) < 0) {
    throw harvester.invalid(
      "Termination grace period can't be negative",
      "spec.Template.Spec.TerminationGracePeriodSeconds",
    );
  }
}

function checkMemory(machine: KubeObject): void {
  const domain = fieldsAt(machine, ...SPEC, "domain");
  const limit = quantityOf(at(domain, "resources", "limits", "memory"));
  const guest = quantityOf(at(domain, "memory", "guest"));
  if (limit === 0 && guest === 0) {
    throw harvester.invalid(
      "either memory.guest or resources.limits.memory must be set",
      "spec.template.spec.domain",
    );
  }
  const written = annotation(machine, RESERVED);
  if (limit === 0 || written === undefined) return;
  const field = `metadata.annotations[${RESERVED}]`;
  if (!isAmount(written)) {
    throw harvester.invalid(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      field,
    );
  }
  const reserved = quantityOf(written);
  if (reserved >= limit) {
    throw harvester.invalid("reservedMemory cannot be equal or greater than limits.memory", field);
  }
  if (guest + reserved > limit) {
    throw harvester.invalid(
      `guest memory ${guest} plus reservedMemory ${reserved} cannot be greater than limits.memory ${limit}`,
      field,
    );
  }
  if (reserved < 0) throw harvester.invalid("reservedMemory cannot be less than 0", field);
}

function checkMaintenance(machine: KubeObject, old: KubeObject | undefined): void {
  const strategy = label(machine, MAINTENANCE);
  if (strategy === undefined || STRATEGIES.includes(strategy) || label(old, MAINTENANCE) === strategy) return;
  throw harvester.invalid(
    `invalid maintenance mode strategy: ${strategy}`,
    `metadata.labels[${MAINTENANCE}]`,
  );
}

/** The addresses of a machine's interfaces by the cluster network they are on; "" stands for the pod network. */
function addressesOf(world: World, machine: KubeObject): [network: string, address: string][] {
  const networks = new Map<string, string>();
  for (const one of itemsAt(machine, ...SPEC, "networks")) {
    const written = textAt(one, "multus", "networkName");
    if (written === undefined) continue;
    const { namespace, name } = reference(written, "default");
    const attachment = find(world, "network-attachment-definitions", namespace, name);
    networks.set(
      textAt(one, "name") ?? "",
      label(attachment, "network.harvesterhci.io/clusternetwork") ?? "",
    );
  }
  return itemsAt(machine, ...SPEC, "domain", "devices", "interfaces").flatMap((nic) => {
    const address = textAt(nic, "macAddress");
    if (address === undefined) return [];
    return [[networks.get(textAt(nic, "name") ?? "") ?? "", address.toLowerCase()]];
  });
}

function checkAddresses(world: World, machine: KubeObject): void {
  const own = addressesOf(world, machine);
  if (own.length === 0) return;
  const { name, namespace } = machine.metadata;
  for (const other of all(world, "virtualmachines")) {
    if (other.metadata.name === name && other.metadata.namespace === namespace) continue;
    for (const [network, address] of addressesOf(world, other)) {
      if (!own.some(([mine, taken]) => mine === network && taken === address)) continue;
      throw harvester.internal(`duplicate mac address present for vm ${name} for cluster network ${network}`);
    }
  }
}

/** A machine is not stopped while it is backed up. */
function checkNoBackup(world: World, machine: KubeObject, old: KubeObject): void {
  const stops =
    (runStrategyOf(old) === "Always" && runStrategyOf(machine) === "Halted") ||
    textAt(machine, "status", "stateChangeRequests", 0, "action") === "Stop";
  if (!stops) return;
  const { namespace, name } = machine.metadata;
  const running = all(world, "virtualmachinebackups", namespace).some(
    (backup) =>
      textAt(backup, "spec", "source", "name") === name &&
      !flagAt(backup, "status", "readyToUse") &&
      at(backup, "status", "error") === undefined,
  );
  if (running) {
    throw harvester.badRequest(
      `vm ${namespace}/${name} has a backup in progress; wait for it to finish or delete it before stopping/restarting`,
    );
  }
}

/** What Harvester's validator and KubeVirt's own refuse of a machine. */
export function checkMachine(request: AdmissionRequest): void {
  const { operation, object, old, world, subresource } = request;
  if (operation === "DELETE" || subresource !== undefined || object.metadata.deletionTimestamp) return;
  checkDevices(object);
  checkClaimTemplates(request);
  checkGoldenImages(world, object);
  checkOccupied(world, object);
  checkShareable(world, object);
  checkGrace(object);
  checkMemory(object);
  if (old !== undefined) {
    checkMovedTemplates(world, object, old);
    checkNoBackup(world, object, old);
    checkTargetVolumes(world, object);
  }
  checkMaintenance(object, old);
  checkAddresses(world, object);
  checkCdRoms(object);
}
