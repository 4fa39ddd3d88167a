import { badRequest } from "../../api-server/status-error.ts";
import { kindIn } from "../controllers/kinds.ts";
import { type Fields, fieldsAt, flagAt, itemsAt, textAt } from "../machines/fields.ts";
import { volumeStatusOf } from "../machines/instance-status.rules.ts";
import { cannot } from "./refusals.ts";
import { mustFindMachine, mustRun, type Subject } from "./subject.ts";

/** Where a volume is plugged: into the template of a machine, or only into the running instance. */
export type Into = "machine" | "instance";

const sourceOf = (volume: unknown) =>
  textAt(volume, "persistentVolumeClaim", "claimName") ?? textAt(volume, "dataVolume", "name");

const isHotpluggable = (volume: unknown) =>
  flagAt(volume, "persistentVolumeClaim", "hotpluggable") || flagAt(volume, "dataVolume", "hotpluggable");

const resourceOf = (into: Into) => (into === "machine" ? "virtualmachine" : "virtualmachineinstance");

function specOf(subject: Subject, into: Into): Fields {
  return into === "machine"
    ? fieldsAt(mustFindMachine(subject), "spec", "template", "spec")
    : fieldsAt(mustRun(subject), "spec");
}

function replaceSpec({ world, namespace, name }: Subject, into: Into, spec: Fields): void {
  if (into === "instance") {
    world.store.edit(kindIn(world, "instance"), namespace, name, (stored) => {
      stored["spec"] = spec;
      stored["status"] = { ...fieldsAt(stored, "status"), volumeStatus: volumeStatusOf(stored) };
    });
    return;
  }
  world.store.edit(kindIn(world, "virtualMachine"), namespace, name, (stored) => {
    const outer = fieldsAt(stored, "spec");
    stored["spec"] = { ...outer, template: { ...fieldsAt(outer, "template"), spec } };
  });
}

function withDevices(spec: Fields, volumes: readonly Fields[], disks: readonly Fields[]): Fields {
  const domain = fieldsAt(spec, "domain");
  return { ...spec, volumes, domain: { ...domain, devices: { ...fieldsAt(domain, "devices"), disks } } };
}

const isDryRun = (options: Fields) => Array.isArray(options["dryRun"]) && options["dryRun"].includes("All");

/** @throws StatusError 400, 404, 409 */
export function addVolume(subject: Subject, into: Into, options: Fields): void {
  const name = textAt(options, "name");
  if (name === undefined) throw badRequest("AddVolumeOptions requires name to be set");
  if (options["disk"] === undefined) throw badRequest("AddVolumeOptions requires disk to not be nil");
  if (options["volumeSource"] === undefined)
    throw badRequest("AddVolumeOptions requires VolumeSource to not be nil");
  const spec = specOf(subject, into);
  const source = fieldsAt(options, "volumeSource");
  const claim = sourceOf(source);
  for (const volume of itemsAt(spec, "volumes")) {
    const refused = (why: string) => cannot(resourceOf(into), subject.name, why);
    if (volume["name"] === name)
      throw refused(`Unable to add volume [${name}] because volume with that name already exists`);
    if (claim !== undefined && sourceOf(volume) === claim)
      throw refused(`Unable to add volume source [${claim}] because it already exists`);
  }
  if (isDryRun(options)) return;
  const key = source["dataVolume"] === undefined ? "persistentVolumeClaim" : "dataVolume";
  const volume = { name, [key]: { ...fieldsAt(source, key), hotpluggable: true } };
  const disk = { ...fieldsAt(options, "disk"), name };
  const disks = itemsAt(spec, "domain", "devices", "disks");
  replaceSpec(subject, into, withDevices(spec, [...itemsAt(spec, "volumes"), volume], [...disks, disk]));
}

/** @throws StatusError 400, 404, 409 */
export function removeVolume(subject: Subject, into: Into, options: Fields): void {
  const name = textAt(options, "name");
  if (name === undefined) throw badRequest("RemoveVolumeOptions requires name to be set");
  const spec = specOf(subject, into);
  const volumes = itemsAt(spec, "volumes");
  const found = volumes.find((volume) => volume["name"] === name || sourceOf(volume) === name);
  const refused = (why: string) =>
    cannot(resourceOf(into), subject.name, `Unable to remove volume [${name}] because ${why}`);
  if (found === undefined) throw refused("it does not exist");
  if (!isHotpluggable(found)) throw refused("it is not hotpluggable");
  if (isDryRun(options)) return;
  const disks = itemsAt(spec, "domain", "devices", "disks").filter((disk) => disk["name"] !== found["name"]);
  replaceSpec(
    subject,
    into,
    withDevices(
      spec,
      volumes.filter((volume) => volume !== found),
      disks,
    ),
  );
}
