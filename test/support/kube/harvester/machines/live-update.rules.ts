import type { KubeObject } from "../../words.ts";
import { at, type Fields, fieldsAt, itemsAt } from "./fields.ts";

const hotplugAnnotation = "harvesterhci.io/enableCPUAndMemoryHotplug";

export interface LiveUpdate {
  /** The spec of the running instance with what may change under it. */
  readonly spec: Fields;
  /** Processors or memory changed: the guest gets them by moving. */
  readonly migrate: boolean;
  /** Something changed that only a restart brings. */
  readonly restartRequired: boolean;
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

const isHotpluggable = (volume: Fields) =>
  at(volume, "persistentVolumeClaim", "hotpluggable") === true ||
  at(volume, "dataVolume", "hotpluggable") === true;

function withVolumes(spec: Fields, wanted: Fields): Fields {
  const want = itemsAt(wanted, "volumes").filter(isHotpluggable);
  const names = new Set(want.map((one) => one["name"]));
  const dropped = new Set(
    itemsAt(spec, "volumes")
      .filter((one) => isHotpluggable(one) && !names.has(one["name"]))
      .map((one) => one["name"]),
  );
  const there = new Set(itemsAt(spec, "volumes").map((one) => one["name"]));
  const added = want.filter((one) => !there.has(one["name"]));
  if (added.length === 0 && dropped.size === 0) return spec;
  const addedNames = new Set(added.map((one) => one["name"]));
  const disks = itemsAt(wanted, "domain", "devices", "disks").filter((one) => addedNames.has(one["name"]));
  const keeps = (one: Fields) => !dropped.has(one["name"]);
  return {
    ...spec,
    volumes: [...itemsAt(spec, "volumes").filter(keeps), ...added],
    domain: {
      ...fieldsAt(spec, "domain"),
      devices: {
        ...fieldsAt(spec, "domain", "devices"),
        disks: [...itemsAt(spec, "domain", "devices", "disks").filter(keeps), ...disks],
      },
    },
  };
}

/** The claims that disks move to: a volume of the same name with another claim, where the machine says that it migrates. */
function withMovedClaims(machine: KubeObject, spec: Fields, wanted: Fields): Fields {
  if (at(machine, "spec", "updateVolumesStrategy") !== "Migration") return spec;
  const claims = new Map(
    itemsAt(wanted, "volumes").map((one) => [one["name"], one["persistentVolumeClaim"]]),
  );
  const volumes = itemsAt(spec, "volumes").map((one) => {
    const claim = claims.get(one["name"]);
    return claim === undefined || one["persistentVolumeClaim"] === undefined
      ? one
      : { ...one, persistentVolumeClaim: claim };
  });
  return same(volumes, spec["volumes"]) ? spec : { ...spec, volumes };
}

/** What the template of a running machine changes in its instance, and what waits for a restart. */
export function liveUpdateOf(machine: KubeObject, instance: KubeObject): LiveUpdate {
  const wanted = fieldsAt(machine, "spec", "template", "spec");
  const spec = fieldsAt(instance, "spec");
  const moved = withMovedClaims(machine, spec, wanted);
  const plugged = withVolumes(moved, wanted);
  const cpu = at(wanted, "domain", "cpu");
  const memory = at(wanted, "domain", "memory");
  const differs = !same(cpu, at(spec, "domain", "cpu")) || !same(memory, at(spec, "domain", "memory"));
  const hotplug = machine.metadata.annotations?.[hotplugAnnotation] === "true";
  if (!differs || !hotplug) return { spec: plugged, migrate: moved !== spec, restartRequired: differs };
  const domain = {
    ...fieldsAt(plugged, "domain"),
    cpu,
    memory,
    resources: at(wanted, "domain", "resources"),
  };
  return { spec: { ...plugged, domain }, migrate: true, restartRequired: false };
}
