import {
  conditionOf,
  conditionsOf,
  fieldAt,
  flagAt,
  instantOf,
  jsonAt,
  listAt,
  numberAt,
  textAt,
  textMapAt,
  textsAt,
} from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import { bytesOf, quantityOf } from "../kube/quantity.rules.ts";
import { type ClusterFacts, machineActions } from "./machine-actions.rules.ts";
import { type MachineState, machineStateOf, runStrategyOf } from "./machine-state.rules.ts";
import { disksOf } from "./read-disks.rules.ts";
import type { VirtualMachine, VirtualMachineDetail } from "./schemas.ts";

const podSpec = (machine: KubeObject) => fieldAt(machine, "spec", "template", "spec");
const named = (list: readonly unknown[]) => list.filter((one) => textAt(one, "name") !== null);

function topologyOf(machine: KubeObject) {
  const cpu = fieldAt(podSpec(machine), "domain", "cpu");
  return {
    cores: numberAt(cpu, "cores") || 1,
    sockets: numberAt(cpu, "sockets") || 1,
    threads: numberAt(cpu, "threads") || 1,
    maxSockets: numberAt(cpu, "maxSockets"),
    dedicated: flagAt(cpu, "dedicatedCpuPlacement") ?? false,
  };
}

/** The processors that the guest sees; from the limits when no topology is given. */
function processorsOf(machine: KubeObject): number | null {
  if (fieldAt(podSpec(machine), "domain", "cpu") === undefined)
    return quantityOf(fieldAt(podSpec(machine), "domain", "resources", "limits", "cpu"));
  const { cores, sockets, threads } = topologyOf(machine);
  return cores * sockets * threads;
}

function memoryOf(machine: KubeObject): number | null {
  const domain = fieldAt(podSpec(machine), "domain");
  const limit = fieldAt(domain, "resources", "limits", "memory");
  return bytesOf(limit ?? fieldAt(domain, "memory", "guest"));
}

/** The addresses of an interface of the guest, without link-local ones. */
function addressesOf(one: unknown): string[] {
  const many = textsAt(one, "ipAddresses");
  const single = textAt(one, "ipAddress");
  return (many.length > 0 ? many : single === null ? [] : [single]).filter((ip) => !ip.startsWith("fe80:"));
}

/** What lists show of a machine. `instance` is what runs of it, if anything does. */
export function machineOf(machine: KubeObject, instance?: KubeObject): VirtualMachine {
  const { metadata } = machine;
  return {
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    uid: metadata.uid ?? "",
    resourceVersion: metadata.resourceVersion ?? "",
    description: metadata.annotations?.["field.cattle.io/description"] ?? null,
    state: textAt(machine, "status", "printableStatus") ?? "Unknown",
    ready: flagAt(machine, "status", "ready") ?? false,
    runStrategy: runStrategyOf(machine),
    node: textAt(instance, "status", "nodeName"),
    ipAddresses: listAt(instance, "status", "interfaces").flatMap(addressesOf),
    cpu: processorsOf(machine),
    memoryBytes: memoryOf(machine),
    os: metadata.labels?.["harvesterhci.io/os"] ?? textAt(instance, "status", "guestOSInfo", "prettyName"),
    restartNeeded: conditionOf(machine, "RestartRequired")?.status === "True",
    labels: { ...metadata.labels },
    createdAt: instantOf(metadata.creationTimestamp),
    deletingSince: instantOf(metadata.deletionTimestamp),
  };
}

function networksOf(machine: KubeObject, instance: KubeObject | undefined) {
  const spec = podSpec(machine);
  const networks = new Map(listAt(spec, "networks").map((one) => [textAt(one, "name"), one]));
  const live = new Map(listAt(instance, "status", "interfaces").map((one) => [textAt(one, "name"), one]));
  return named(listAt(spec, "domain", "devices", "interfaces")).map((nic) => {
    const name = textAt(nic, "name") ?? "";
    const binding = ["bridge", "masquerade", "sriov", "macvtap", "passt"].find(
      (one) => fieldAt(nic, one) !== undefined,
    );
    return {
      name,
      network: textAt(networks.get(name), "multus", "networkName") ?? "pod",
      binding: binding ?? textAt(nic, "binding", "name") ?? "unknown",
      model: textAt(nic, "model"),
      mac: textAt(nic, "macAddress") ?? textAt(live.get(name), "mac"),
      ipAddresses: addressesOf(live.get(name)),
    };
  });
}

function migrationOf(instance: KubeObject) {
  const state = fieldAt(instance, "status", "migrationState");
  if (typeof state !== "object" || state === null) return null;
  return {
    from: textAt(state, "sourceNode"),
    to: textAt(state, "targetNode"),
    startedAt: instantOf(fieldAt(state, "startTimestamp")),
    endedAt: instantOf(fieldAt(state, "endTimestamp")),
    completed: flagAt(state, "completed") ?? false,
    failed: flagAt(state, "failed") ?? false,
    failure: textAt(state, "failureReason"),
  };
}

function instanceOf(instance: KubeObject | undefined) {
  if (instance === undefined) return null;
  const migratable = conditionOf(instance, "LiveMigratable");
  return {
    phase: textAt(instance, "status", "phase") ?? "Pending",
    node: textAt(instance, "status", "nodeName"),
    guestAgent: conditionOf(instance, "AgentConnected")?.status === "True",
    migratable: migratable?.status === "True",
    notMigratableBecause: migratable?.status === "True" ? null : (migratable?.message ?? null),
    startedAt: instantOf(instance.metadata.creationTimestamp),
    migration: migrationOf(instance),
  };
}

const devicesOf = (machine: KubeObject, kind: "gpus" | "hostDevices") =>
  named(listAt(podSpec(machine), "domain", "devices", kind)).map((one) => ({
    name: textAt(one, "name") ?? "",
    deviceName: textAt(one, "deviceName") ?? "",
  }));

/** An event that the cluster wrote about an object. */
export function objectEventOf(event: KubeObject) {
  return {
    type: textAt(event, "type") ?? "Normal",
    reason: textAt(event, "reason") ?? "",
    message: textAt(event, "message") ?? "",
    count: Math.max(1, Math.trunc(numberAt(event, "count") ?? numberAt(event, "series", "count") ?? 1)),
    lastSeenAt: instantOf(
      textAt(event, "lastTimestamp") ??
        textAt(event, "series", "lastObservedTime") ??
        textAt(event, "eventTime") ??
        event.metadata.creationTimestamp,
    ),
  };
}

export interface MachineParts {
  readonly instance?: KubeObject | undefined;
  readonly events?: readonly KubeObject[];
  readonly facts?: ClusterFacts;
  readonly state?: MachineState;
}

/** Everything that is shown of one machine. */
export function machineDetailOf(
  machine: KubeObject,
  { instance, events = [], facts = {}, state = machineStateOf(machine, instance) }: MachineParts = {},
): VirtualMachineDetail {
  const spec = podSpec(machine);
  const efi = fieldAt(spec, "domain", "firmware", "bootloader", "efi");
  const keys = jsonAt(machine, "spec", "template", "metadata", "annotations", "harvesterhci.io/sshNames");
  const annotations = machine.metadata.annotations;
  return {
    ...machineOf(machine, instance),
    cpuTopology: topologyOf(machine),
    maxMemoryBytes: bytesOf(fieldAt(spec, "domain", "memory", "maxGuest")),
    hotplug: annotations?.["harvesterhci.io/enableCPUAndMemoryHotplug"] === "true",
    disks: disksOf(machine),
    networks: networksOf(machine, instance),
    sshKeys: textsAt(keys ?? []),
    cloudInitSecrets: cloudInitSecretsOf(machine),
    firmware: {
      efi: efi !== undefined,
      secureBoot: efi !== undefined && flagAt(efi, "secureBoot") === true,
      tpm: fieldAt(spec, "domain", "devices", "tpm") !== undefined,
    },
    gpus: devicesOf(machine, "gpus"),
    hostDevices: devicesOf(machine, "hostDevices"),
    nodeSelector: textMapAt(spec, "nodeSelector"),
    instance: instanceOf(instance),
    conditions: [...conditionsOf(machine)],
    events: events
      .map(objectEventOf)
      .sort((a, b) => (b.lastSeenAt ?? "").localeCompare(a.lastSeenAt ?? ""))
      .slice(0, 50),
    actions: machineActions(state, facts),
  };
}

/** The names of the Secrets that hold a machine's user and network data. */
export function cloudInitSecretsOf(machine: KubeObject): string[] {
  const found = listAt(podSpec(machine), "volumes").flatMap((volume) =>
    ["cloudInitNoCloud", "cloudInitConfigDrive"].flatMap((kind) => [
      textAt(volume, kind, "secretRef", "name"),
      textAt(volume, kind, "networkDataSecretRef", "name"),
    ]),
  );
  return [...new Set(found.filter((name) => name !== null))];
}
