import type { AdmissionRequest, KubeObject, World } from "../../words.ts";
import {
  type Fields,
  fieldsAt,
  flagAt,
  itemsAt,
  numberAt,
  parsedText,
  textAt,
  textsAt,
} from "../machines/fields.ts";
import { quantityOf } from "../machines/quantity.ts";
import { bytesLike, isAmount, millisText } from "./amounts.ts";
import { annotation, ensured, find, label, missing, reference, settingValue } from "./look.ts";
import { harvesterMutator } from "./refusals.ts";

const MEBI = 2 ** 20;
const DOMAIN = ["spec", "template", "spec", "domain"] as const;

const RESERVED_MEMORY = "harvesterhci.io/reservedMemory";

export function isDedicated(machine: unknown): boolean {
  return flagAt(machine, ...DOMAIN, "cpu", "dedicatedCpuPlacement");
}

export function isHotpluggable(machine: unknown): boolean {
  return annotation(machine, "harvesterhci.io/enableCPUAndMemoryHotplug")?.toLowerCase() === "true";
}

function passedDevices(machine: unknown): number {
  return (
    itemsAt(machine, ...DOMAIN, "devices", "hostDevices").length +
    itemsAt(machine, ...DOMAIN, "devices", "gpus").length
  );
}

/** Whether an edit touches what requests follow from. */
export function movesResources(old: KubeObject, next: KubeObject): boolean {
  const limit = (machine: KubeObject, name: string) =>
    quantityOf(fieldsAt(machine, ...DOMAIN, "resources", "limits")[name]);
  const moved = (name: string) => limit(next, name) !== 0 && limit(next, name) !== limit(old, name);
  return (
    moved("cpu") ||
    moved("memory") ||
    annotation(old, RESERVED_MEMORY) !== annotation(next, RESERVED_MEMORY) ||
    isDedicated(old) !== isDedicated(next) ||
    passedDevices(old) !== passedDevices(next)
  );
}

interface Overcommit {
  readonly cpu: number;
  readonly memory: number;
}

function overcommitOf(world: World): Overcommit | undefined {
  const set = parsedText(settingValue(world, "overcommit-config"));
  const cpu = numberAt(set, "cpu");
  const memory = numberAt(set, "memory");
  return cpu === undefined || memory === undefined ? undefined : { cpu, memory };
}

/** Bytes kept back for the emulator: what the annotation says, else 100 MiB unless the overhead ratio is set. */
function reservedBytes(world: World, machine: KubeObject, limit: number): number {
  const written = annotation(machine, RESERVED_MEMORY);
  if (written === undefined) {
    const ratio = Number(settingValue(world, "additional-guest-memory-overhead-ratio") ?? "0");
    return ratio > 0 ? 0 : 100 * MEBI;
  }
  if (!isAmount(written)) {
    throw harvesterMutator.internal(`annotation ${written} can't be converted to memory unit`);
  }
  const reserved = quantityOf(written);
  if (reserved >= limit) {
    throw harvesterMutator.internal(
      `reservedMemory can't be equal or greater than limits.memory  ${reserved} ${limit}`,
    );
  }
  return reserved;
}

/** Requests from limits by the overcommit of the cluster, guest memory below the limit. @throws StatusError 500 */
export function fillResources(world: World, machine: KubeObject): void {
  const overcommit = overcommitOf(world);
  if (overcommit === undefined) return;
  const limits = fieldsAt(machine, ...DOMAIN, "resources", "limits");
  const cpu = quantityOf(limits["cpu"]);
  const memory = quantityOf(limits["memory"]);
  if (cpu !== 0) {
    const millis = Math.round(cpu * 1000);
    const asked = isDedicated(machine) ? millis : Math.floor((millis * 100) / overcommit.cpu);
    ensured(machine, ...DOMAIN, "resources", "requests")["cpu"] = millisText(asked);
  }
  if (memory !== 0) fillMemory(world, machine, limits["memory"], overcommit);
}

function fillMemory(world: World, machine: KubeObject, written: unknown, overcommit: Overcommit): void {
  const limit = quantityOf(written);
  const hotplug = isHotpluggable(machine);
  const hadMemory = Object.hasOwn(fieldsAt(machine, ...DOMAIN), "memory");
  const given = fieldsAt(machine, ...DOMAIN, "memory")["guest"];
  const whole = hotplug && given !== undefined ? quantityOf(given) : limit;
  const guest = whole - reservedBytes(world, machine, limit);
  if (guest < 10 * MEBI) {
    throw harvesterMutator.internal(
      `guest memory is under the minimum requirement (10 Mi), original: ${limit}, final: ${guest}`,
    );
  }
  const shared = Math.floor((limit * 100) / overcommit.memory / MEBI) * MEBI;
  const asked = isDedicated(machine) ? limit : passedDevices(machine) > 0 ? guest : shared;
  ensured(machine, ...DOMAIN, "resources", "requests")["memory"] = bytesLike(asked, written);
  if (!hadMemory || !hotplug) ensured(machine, ...DOMAIN, "memory")["guest"] = bytesLike(guest, written);
  if (!hotplug && textAt(machine, "spec", "template", "spec", "architecture") !== "arm64") {
    const sockets = numberAt(machine, ...DOMAIN, "cpu", "sockets") ?? 1;
    ensured(machine, ...DOMAIN, "cpu")["maxSockets"] = sockets === 0 ? 1 : sockets;
  }
}

export function fillProcessors(machine: KubeObject): void {
  const cpu = ensured(machine, ...DOMAIN, "cpu");
  for (const name of ["cores", "sockets", "threads"]) if (!cpu[name]) cpu[name] = 1;
}

/** @param random 0 <= x < 1 @returns a locally administered unicast address */
function macAddress(random: () => number): string {
  const bytes = Array.from({ length: 6 }, () => Math.floor(random() * 256));
  bytes[0] = ((bytes[0] ?? 0) & 0xfe) | 0x02;
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}

export function fillAddresses(world: World, machine: KubeObject): void {
  const known = textsAt(parsedText(annotation(machine, "harvesterhci.io/mac-address")));
  for (const nic of itemsAt(machine, ...DOMAIN, "devices", "interfaces")) {
    const name = textAt(nic, "name") ?? "";
    if (textAt(nic, "macAddress") === undefined && known[name] === undefined) {
      nic["macAddress"] = macAddress(() => world.random());
    }
  }
}

export function fillGrace(world: World, machine: KubeObject): void {
  const spec = ensured(machine, "spec", "template", "spec");
  const seconds = settingValue(world, "default-vm-termination-grace-period-seconds");
  if (spec["terminationGracePeriodSeconds"] === undefined && seconds !== undefined) {
    spec["terminationGracePeriodSeconds"] = Number(seconds);
  }
}

interface Requirement {
  readonly key: string;
  readonly operator: "In";
  readonly values: readonly string[];
}

/** The node labels a machine needs: those of its networks, and of pinned processors. */
function requirementsOf(world: World, machine: KubeObject): Requirement[] {
  const needed = new Set<string>();
  for (const one of itemsAt(machine, "spec", "template", "spec", "networks")) {
    const written = textAt(one, "multus", "networkName");
    if (written === undefined) continue;
    const { namespace, name } = reference(written, machine.metadata.namespace ?? "default");
    const attachment = find(world, "network-attachment-definitions", namespace, name);
    if (attachment === undefined) {
      throw harvesterMutator.internal(missing("network-attachment-definitions", name));
    }
    const cluster = label(attachment, "network.harvesterhci.io/clusternetwork");
    if (cluster !== undefined) needed.add(`network.harvesterhci.io/${cluster}`);
  }
  if (isDedicated(machine)) needed.add("cpumanager");
  return [...needed].map((key) => ({ key, operator: "In", values: ["true"] }));
}

function isOurs(expression: Fields): boolean {
  const key = textAt(expression, "key") ?? "";
  return key.startsWith("network.harvesterhci.io") || key === "cpumanager";
}

/** Machines run where their networks are: terms of earlier networks go, those of today come. @throws StatusError 500 */
export function fillAffinity(world: World, machine: KubeObject): void {
  const spec = ensured(machine, "spec", "template", "spec");
  const required = ["nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"] as const;
  const terms = itemsAt(spec, "affinity", ...required, "nodeSelectorTerms")
    .map((term) => ({
      ...term,
      matchExpressions: itemsAt(term, "matchExpressions").filter((expression) => !isOurs(expression)),
    }))
    .filter((term) => term.matchExpressions.length > 0);
  const needed = requirementsOf(world, machine);
  const next =
    terms.length > 0
      ? terms.map((term) => ({ ...term, matchExpressions: [...term.matchExpressions, ...needed] }))
      : needed.length > 0
        ? [{ matchExpressions: needed }]
        : [];
  const affinity = ensured(spec, "affinity");
  if (next.length > 0) {
    ensured(affinity, ...required)["nodeSelectorTerms"] = next;
    return;
  }
  const nodes = fieldsAt(affinity, "nodeAffinity");
  delete nodes["requiredDuringSchedulingIgnoredDuringExecution"];
  if (itemsAt(nodes, "preferredDuringSchedulingIgnoredDuringExecution").length === 0) {
    delete affinity["nodeAffinity"];
  }
}

export function runStrategyOf(machine: unknown): string {
  const running = fieldsAt(machine, "spec")["running"];
  if (typeof running === "boolean") return running ? "Always" : "Halted";
  return textAt(machine, "spec", "runStrategy") ?? "Halted";
}

/** A halted machine that is started runs by the strategy it had before, which the annotation remembers. */
export function resumeStrategy(old: KubeObject, next: KubeObject): void {
  if (fieldsAt(next, "spec")["running"] !== undefined) return;
  if (runStrategyOf(old) !== "Halted" || runStrategyOf(next) === "Halted") return;
  const before = annotation(next, "harvesterhci.io/vmRunStrategy") ?? "RerunOnFailure";
  ensured(next, "spec")["runStrategy"] = before;
}

/** What Harvester's mutator does to a machine, in its order. */
export function fillMachine({ operation, object, old, world, subresource }: AdmissionRequest): void {
  if (operation === "DELETE" || subresource !== undefined || object.metadata.deletionTimestamp) return;
  if (old === undefined || movesResources(old, object)) fillResources(world, object);
  fillProcessors(object);
  if (old !== undefined) resumeStrategy(old, object);
  fillAffinity(world, object);
  fillGrace(world, object);
  fillAddresses(world, object);
}
