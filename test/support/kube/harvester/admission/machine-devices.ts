import type { KubeObject, World } from "../../words.ts";
import { at, type Fields, fieldsAt, flagAt, itemsAt, numberAt, textAt } from "../machines/fields.ts";
import { find, LONGHORN, provisionerOf } from "./look.ts";
import { harvester, kubevirtMachines } from "./refusals.ts";

const SPEC = ["spec", "template", "spec"] as const;
const DEVICES = [...SPEC, "domain", "devices"] as const;

const nameOf = (item: Fields) => textAt(item, "name") ?? "";

function firstTwice(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index);
}

function checkNames(machine: KubeObject): void {
  const disks = itemsAt(machine, ...DEVICES, "disks").map(nameOf);
  const volumes = itemsAt(machine, ...SPEC, "volumes").map(nameOf);
  const twice = firstTwice(disks);
  if (twice !== undefined) {
    const field = `spec.template.spec.domain.devices.disks[${disks.lastIndexOf(twice)}].name`;
    throw kubevirtMachines.invalid(`${field} and ${field} must not have the same Name.`, field);
  }
  const doubled = firstTwice(volumes);
  if (doubled !== undefined) {
    const field = `spec.template.spec.volumes[${volumes.lastIndexOf(doubled)}].name`;
    throw kubevirtMachines.invalid(`${field} has a duplicate: '${doubled}'`, field);
  }
  const attachable = new Set(disks);
  volumes.forEach((name, index) => {
    if (attachable.has(name)) return;
    const field = `spec.template.spec.domain.volumes[${index}].name`;
    throw kubevirtMachines.invalid(`${field} '${name}' not found.`, field);
  });
  itemsAt(machine, ...DEVICES, "disks").forEach((disk, index) => {
    if (volumes.includes(nameOf(disk)) || at(disk, "cdrom") !== undefined) return;
    const field = `spec.template.spec.domain.devices.disks[${index}].name`;
    throw kubevirtMachines.invalid(`${field} '${nameOf(disk)}' not found.`, field);
  });
}

function checkInterfaces(machine: KubeObject): void {
  const networks = itemsAt(machine, ...SPEC, "networks").map(nameOf);
  const nics = itemsAt(machine, ...DEVICES, "interfaces").map(nameOf);
  nics.forEach((name, index) => {
    if (networks.includes(name)) return;
    const field = `spec.template.spec.domain.devices.interfaces[${index}].name`;
    throw kubevirtMachines.invalid(`${field} '${name}' not found.`, field);
  });
  networks.forEach((name, index) => {
    if (nics.includes(name)) return;
    const field = `spec.template.spec.networks[${index}].name`;
    throw kubevirtMachines.invalid(`${field} '${name}' not found.`, field);
  });
}

/** Disks and volumes, interfaces and networks name each other, and a machine says once how it runs. */
export function checkDevices(machine: KubeObject): void {
  const spec = fieldsAt(machine, "spec");
  if (spec["running"] !== undefined && spec["runStrategy"] !== undefined) {
    throw kubevirtMachines.invalid("Running and RunStrategy are mutually exclusive", "spec.running");
  }
  if (spec["running"] === undefined && spec["runStrategy"] === undefined) {
    throw kubevirtMachines.invalid("One of Running or RunStrategy must be specified", "spec.running");
  }
  checkNames(machine);
  checkInterfaces(machine);
}

/** Why a claim cannot be written by two machines at once; undefined when it can. */
export function whyNotShareable(
  world: World,
  namespace: string | undefined,
  name: string,
): string | undefined {
  const claim = find(world, "persistentvolumeclaims", namespace, name);
  if (claim === undefined) {
    return `PVC ${namespace}/${name} does not exist: a shareable disk requires an existing volume`;
  }
  const modes = at(claim, "spec", "accessModes");
  const shared = Array.isArray(modes) && modes.includes("ReadWriteMany");
  if (!shared || provisionerOf(world, claim) === LONGHORN) {
    return `PVC ${namespace}/${name} cannot back a shareable disk: a ReadWriteMany volume from a provisioner other than Longhorn is required`;
  }
  if (textAt(claim, "spec", "volumeMode") !== "Block") {
    return `PVC ${namespace}/${name} cannot back a shareable disk: volumeMode must be Block`;
  }
  return undefined;
}

function checkShareableDisk(world: World, machine: KubeObject, disk: Fields, boots: boolean): void {
  const name = nameOf(disk);
  const refused = (why: string, field: string) =>
    harvester.invalid(`disk ${name} cannot be shareable: ${why}`, `spec.template.spec.${field}`);
  if (boots) throw refused("a shareable disk cannot be used as the boot disk", "domain.devices.disks");
  const cache = textAt(disk, "cache") ?? "none";
  if (cache !== "none") {
    throw refused(`a shareable disk requires cache mode none, got ${cache}`, "domain.devices.disks");
  }
  const volume = itemsAt(machine, ...SPEC, "volumes").find((one) => nameOf(one) === name);
  const claim = textAt(volume, "persistentVolumeClaim", "claimName");
  if (claim === undefined) {
    throw refused("a shareable disk must be backed by a persistent volume claim", "volumes");
  }
  const why = whyNotShareable(world, machine.metadata.namespace, claim);
  if (why !== undefined) throw harvester.invalid(why, "spec.template.spec.volumes");
}

/** A disk that machines share is no boot disk, is not cached and stands on a volume that can be shared. */
export function checkShareable(world: World, machine: KubeObject): void {
  const disks = itemsAt(machine, ...DEVICES, "disks");
  const ordered = disks.some((disk) => numberAt(disk, "bootOrder") !== undefined);
  disks.forEach((disk, index) => {
    if (!flagAt(disk, "shareable")) return;
    const boots = ordered ? numberAt(disk, "bootOrder") === 1 : index === 0;
    checkShareableDisk(world, machine, disk, boots);
  });
}

const isSata = (disk: Fields) => textAt(disk, "cdrom", "bus") === "sata";

export interface CdRoms {
  readonly canInsert: boolean;
  readonly canEject: boolean;
  /** Why the drives are wrong; absent when they are not. */
  readonly wrong?: string;
}

/** What can be done with a machine's CD-ROM drives. */
export function cdRomsOf(machine: unknown): CdRoms {
  const volumes = itemsAt(machine, ...SPEC, "volumes");
  const filled = new Set(volumes.map(nameOf));
  const removable = new Set(
    volumes.filter((volume) => flagAt(volume, "persistentVolumeClaim", "hotpluggable")).map(nameOf),
  );
  const drives = itemsAt(machine, ...DEVICES, "disks").filter((disk) => disk["cdrom"] !== undefined);
  const empty = drives.filter((disk) => !filled.has(nameOf(disk)));
  const loaded = drives.filter((disk) => removable.has(nameOf(disk)));
  const wrong = !empty.every(isSata)
    ? "empty cd-rom device should connect via SATA bus"
    : !loaded.every(isSata)
      ? "hotpluggable cd-rom volume should connect via SATA bus"
      : undefined;
  return {
    canInsert: empty.length > 0 && empty.every(isSata),
    canEject: loaded.length > 0 && loaded.every(isSata),
    ...(wrong === undefined ? {} : { wrong }),
  };
}

export function checkCdRoms(machine: KubeObject): void {
  const { wrong } = cdRomsOf(machine);
  if (wrong !== undefined) throw harvester.internal(wrong);
}
