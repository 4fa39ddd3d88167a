import type { AdmissionRequest, KubeObject, World } from "../../words.ts";
import { isTrue } from "../machines/conditions.ts";
import { at, fieldsAt, flagAt, itemsAt, numberAt, parsedText, textAt } from "../machines/fields.ts";
import { all, annotation, find, label, missing } from "./look.ts";
import { balancers, harvester, kubevirtMigrations, kubevirtMigrationUpdates } from "./refusals.ts";

const MAINTENANCE = "harvesterhci.io/maintain-status";
const WITNESS = "node-role.harvesterhci.io/witness";
const CPU_MANAGER = "harvesterhci.io/cpu-manager-update-status";

export function checkAddon({ operation, object, old, world }: AdmissionRequest): void {
  if (operation === "CREATE") {
    const chart = textAt(object, "spec", "chart");
    if (all(world, "addons").some((other) => textAt(other, "spec", "chart") === chart)) {
      throw harvester.conflict(`addon with Chart "${chart}" has been created, cannot create a new one`);
    }
  } else if (operation === "UPDATE" && old !== undefined) {
    if (textAt(old, "spec", "chart") !== textAt(object, "spec", "chart")) {
      throw harvester.badRequest("chart field cannot be changed.");
    }
    if (isTrue(old, "InProgress")) {
      throw harvester.badRequest(
        `cannot perform operation, as an existing operation is in progress on addon ${object.metadata.name}`,
      );
    }
    checkDeviceUsers(world, object, old);
  }
}

/** The add-on of passed-through devices is not switched off under machines that have one. */
function checkDeviceUsers(world: World, addon: KubeObject, old: KubeObject): void {
  if (addon.metadata.name !== "pcidevices-controller") return;
  if (!flagAt(old, "spec", "enabled") || flagAt(addon, "spec", "enabled")) return;
  if (annotation(addon, "harvesterhci.io/skipPCIDevicesControllerAddonWebhookCheck") === "true") return;
  const users = all(world, "virtualmachines").filter((machine) => {
    const devices = fieldsAt(machine, "spec", "template", "spec", "domain", "devices");
    return itemsAt(devices, "hostDevices").length + itemsAt(devices, "gpus").length > 0;
  });
  if (users.length > 0) {
    const names = users.map((one) => `${one.metadata.namespace}/${one.metadata.name}`).join(", ");
    throw harvester.badRequest(`cannot disable addon pcidevices-controller: VMs use devices: ${names}`);
  }
}

const isOut = (node: KubeObject) =>
  annotation(node, MAINTENANCE) !== undefined || flagAt(node, "spec", "unschedulable");

/** One node stays open for machines; witnesses stay witnesses; the CPU manager changes only where it can. */
export function checkNode({ operation, object, old, world, subresource }: AdmissionRequest): void {
  if (operation !== "UPDATE" || old === undefined || subresource !== undefined) return;
  const others = all(world, "nodes").filter((node) => node.metadata.name !== object.metadata.name);
  if (!isOut(old) && isOut(object) && !others.some((node) => !isOut(node))) {
    throw harvester.badRequest("can't enable maintenance mode or cordon on the last available node");
  }
  if (label(old, WITNESS) !== undefined && label(object, WITNESS) === undefined) {
    throw harvester.badRequest("Cannot remove witness node taint or label from the witness node");
  }
  if (annotation(old, CPU_MANAGER) !== annotation(object, CPU_MANAGER)) checkCpuManager(world, object);
}

function checkCpuManager(world: World, node: KubeObject): void {
  const asked = parsedText(annotation(node, CPU_MANAGER));
  if (textAt(asked, "status") !== "requested") return;
  if (label(node, WITNESS) !== undefined) {
    throw harvester.badRequest("The witness node is unable to update the CPU manager policy.");
  }
  const policy = textAt(asked, "policy") ?? "none";
  const now = label(node, "cpumanager");
  if (now === undefined) throw harvester.badRequest("label cpumanager not found");
  if ((policy === "static") === (now === "true")) {
    throw harvester.badRequest(
      `current cpu manager policy is already the same as requested value: ${policy}`,
    );
  }
  const pinned = all(world, "virtualmachineinstances").some(
    (instance) =>
      textAt(instance, "status", "nodeName") === node.metadata.name &&
      flagAt(instance, "spec", "domain", "cpu", "dedicatedCpuPlacement"),
  );
  if (policy === "none" && pinned) {
    throw harvester.badRequest(
      "there should not be any running VMs with CPU pinning when disabling the CPU manager",
    );
  }
}

export function checkSupportBundle({ operation, object, old, world }: AdmissionRequest): void {
  if (operation === "UPDATE" && JSON.stringify(old?.["spec"]) !== JSON.stringify(object["spec"])) {
    throw harvester.badRequest("modifying the spec of an existing support bundle is not allowed");
  }
  if (operation !== "CREATE") return;
  const wanted = at(object, "spec", "extraCollectionNamespaces");
  for (const name of Array.isArray(wanted) ? wanted.map(String) : []) {
    if (name !== "" && find(world, "namespaces", undefined, name) === undefined) {
      throw harvester.badRequest(`namespace ${name} not found`);
    }
  }
}

export function checkSnapshotQuota({ operation, object }: AdmissionRequest): void {
  if (operation === "CREATE" && object.metadata.name !== "default-resource-quota") {
    throw harvester.invalid("name must be default-resource-quota", "name");
  }
  const sizes = fieldsAt(object, "spec", "snapshotLimit", "vmTotalSnapshotSizeQuota");
  for (const [name, size] of Object.entries(sizes)) {
    if (typeof size !== "number" || size >= 0) continue;
    throw harvester.invalid(
      "must be greater than or equal to 0",
      `spec.snapshotLimit.vmTotalSnapshotSizeQuota[${name}]`,
    );
  }
}

export function checkUpgrade({ operation, object, world }: AdmissionRequest): void {
  if (operation !== "CREATE") return;
  const version = textAt(object, "spec", "version");
  if (version === undefined && textAt(object, "spec", "image") === undefined) {
    throw harvester.badRequest("version or image field are not specified.");
  }
  if (version !== undefined && find(world, "versions", object.metadata.namespace, version) === undefined) {
    throw harvester.badRequest(`version ${version} is not found`);
  }
  const busy = all(world, "upgrades").find((one) => !isTrue(one, "Completed"));
  if (busy !== undefined) {
    throw harvester.conflict(
      `cannot proceed until previous upgrade "${busy.metadata.namespace}/${busy.metadata.name}" completes`,
    );
  }
}

export function checkVersionSum({ operation, object }: AdmissionRequest): void {
  const sum = textAt(object, "spec", "isoChecksum");
  if (operation !== "DELETE" && sum !== undefined && !/^[0-9a-f]{128}$/i.test(sum)) {
    throw harvester.badRequest(`invalid isoChecksum ${sum}`);
  }
}

/** KubeVirt's own: a machine moves once at a time, and only while it runs. */
export function checkMigration({ operation, object, old, world }: AdmissionRequest): void {
  if (operation === "UPDATE") {
    if (JSON.stringify(old?.["spec"]) === JSON.stringify(object["spec"])) return;
    throw kubevirtMigrationUpdates.invalid("update of Migration object's spec is restricted", "spec");
  }
  if (operation !== "CREATE") return;
  const { namespace } = object.metadata;
  const name = textAt(object, "spec", "vmiName");
  if (name === undefined) throw kubevirtMigrations.invalid("vmiName is missing", "spec.vmiName");
  const instance = find(world, "virtualmachineinstances", namespace, name);
  if (instance === undefined) {
    throw kubevirtMigrations.badRequest(`the VMI "${namespace}/${name}" does not exist`);
  }
  if (["Succeeded", "Failed"].includes(textAt(instance, "status", "phase") ?? "")) {
    throw kubevirtMigrations.badRequest("Cannot migrated VMI in finalized state.");
  }
  const live = itemsAt(instance, "status", "conditions").find((one) => one["type"] === "LiveMigratable");
  if (live?.["status"] === "False") {
    throw kubevirtMigrations.badRequest(
      `Cannot migrate VMI, Reason: ${textAt(live, "reason")}, Message: ${textAt(live, "message") ?? ""}`,
    );
  }
  const running = all(world, "virtualmachineinstancemigrations", namespace).find(
    (other) =>
      textAt(other, "spec", "vmiName") === name &&
      !["Succeeded", "Failed"].includes(textAt(other, "status", "phase") ?? ""),
  );
  if (running !== undefined) {
    throw kubevirtMigrations.badRequest(
      `in-flight migration detected. Active migration job (${running.metadata.uid}) is currently already in progress for VMI ${name}.`,
    );
  }
}

const toNumber = (address: string) => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

function boundsOf(range: unknown): [first: number, last: number] {
  const [base = "", bits = "32"] = (textAt(range, "subnet") ?? "").split("/", 2);
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(toNumber(base) / size) * size;
  const start = textAt(range, "rangeStart");
  const end = textAt(range, "rangeEnd");
  return [start ? toNumber(start) : first, end ? toNumber(end) : first + size - 1];
}

/** Pools have blocks that are blocks, and share no address. */
export function checkPool({ operation, object, world }: AdmissionRequest): void {
  if (operation === "DELETE") {
    const used = Object.keys(fieldsAt(object, "status", "allocated")).length;
    if (used > 0) {
      throw balancers.internal(`can't delete IPPool ${object.metadata.name}: it has ${used} allocated IP(s)`);
    }
    return;
  }
  const ranges = itemsAt(object, "spec", "ranges");
  for (const range of ranges) {
    const subnet = textAt(range, "subnet") ?? "";
    if (!/^\d+(\.\d+){3}\/([0-9]|[12]\d|3[0-2])$/.test(subnet)) {
      throw balancers.internal(`invalid CIDR address: ${subnet}`);
    }
  }
  const own = ranges.map(boundsOf);
  for (const other of all(world, "ippools")) {
    if (other.metadata.name === object.metadata.name) continue;
    for (const [first, last] of itemsAt(other, "spec", "ranges").map(boundsOf)) {
      if (!own.some(([from, to]) => from <= last && first <= to)) continue;
      throw balancers.internal(`the ranges overlap with those of IPPool ${other.metadata.name}`);
    }
  }
}

/** Listeners are told apart by name and by port, and a pool that is named is there. */
export function checkBalancer({ operation, object, world }: AdmissionRequest): void {
  if (operation === "DELETE" || object.metadata.deletionTimestamp) return;
  const listeners = itemsAt(object, "spec", "listeners");
  if (listeners.length === 0 && textAt(object, "spec", "workloadType") !== "cluster") {
    throw balancers.internal("the loadbalancer needs to have at least one listener");
  }
  const names = listeners.map((one) => textAt(one, "name"));
  const ports = listeners.map((one) => `${numberAt(one, "port")}/${textAt(one, "protocol")}`);
  const twice = (texts: readonly unknown[]) => new Set(texts).size !== texts.length;
  if (twice(names)) throw balancers.internal("listener names must be unique");
  if (twice(ports)) throw balancers.internal("listener ports must be unique for each protocol");
  const pool = textAt(object, "spec", "ipPool");
  if (pool !== undefined && find(world, "ippools", undefined, pool) === undefined) {
    throw balancers.internal(missing("ippools", pool));
  }
}
