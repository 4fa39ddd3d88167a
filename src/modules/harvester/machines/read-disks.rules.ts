import { fieldAt, flagAt, jsonAt, listAt, numberAt, textAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import type { MachineDisk } from "./schemas.ts";

/** Where Harvester keeps the claims that it makes for a machine. */
export const claimTemplatesKey = "harvesterhci.io/volumeClaimTemplates";

interface ClaimTemplate {
  readonly image: string | null;
  readonly size: string | null;
  readonly storageClass: string | null;
}

function claimTemplatesOf(machine: KubeObject): ReadonlyMap<string, ClaimTemplate> {
  const templates = jsonAt(machine, "metadata", "annotations", claimTemplatesKey);
  return new Map(
    listAt(templates).flatMap((one) => {
      const name = textAt(one, "metadata", "name");
      if (name === null) return [];
      const template = {
        image: textAt(one, "metadata", "annotations", "harvesterhci.io/imageId"),
        size: textAt(one, "spec", "resources", "requests", "storage"),
        storageClass: textAt(one, "spec", "storageClassName"),
      };
      return [[name, template] as const];
    }),
  );
}

function sourceOf(volume: unknown): Pick<MachineDisk, "source" | "volume" | "container"> {
  const claim = textAt(volume, "persistentVolumeClaim", "claimName") ?? textAt(volume, "dataVolume", "name");
  const container = textAt(volume, "containerDisk", "image");
  if (claim !== null) return { source: "volume", volume: claim, container: null };
  if (container !== null) return { source: "container", volume: null, container };
  const none = { volume: null, container: null };
  if (volume === undefined) return { source: "none", ...none };
  if (fieldAt(volume, "emptyDisk") !== undefined) return { source: "empty", ...none };
  const cloudInit = fieldAt(volume, "cloudInitNoCloud") ?? fieldAt(volume, "cloudInitConfigDrive");
  return { source: cloudInit === undefined ? "other" : "cloud_init", ...none };
}

/** The disks of a machine in the order of its devices, each with the claim, image or container behind it. */
export function disksOf(machine: KubeObject): MachineDisk[] {
  const spec = fieldAt(machine, "spec", "template", "spec");
  const volumes = new Map(listAt(spec, "volumes").map((one) => [textAt(one, "name"), one]));
  const templates = claimTemplatesOf(machine);
  return listAt(spec, "domain", "devices", "disks").flatMap((device) => {
    const name = textAt(device, "name");
    if (name === null) return [];
    const type = (["cdrom", "lun"] as const).find((one) => fieldAt(device, one) !== undefined) ?? "disk";
    const volume = volumes.get(name);
    const source = sourceOf(volume);
    const template = source.volume === null ? undefined : templates.get(source.volume);
    const disk: MachineDisk = {
      name,
      type,
      bus: textAt(device, type, "bus"),
      bootOrder: numberAt(device, "bootOrder"),
      ...source,
      image: template?.image ?? null,
      size: template?.size ?? textAt(volume, "emptyDisk", "capacity"),
      storageClass: template?.storageClass ?? null,
      hotplugged: flagAt(volume, "persistentVolumeClaim", "hotpluggable") ?? false,
    };
    return [disk];
  });
}

/** The claims that a machine uses. */
export function claimsOf(machine: KubeObject): string[] {
  return disksOf(machine).flatMap(({ volume }) => (volume === null ? [] : [volume]));
}
