import type { Kind, KubeObject, World } from "../../words.ts";
import { at, type Fields, isFields, itemsAt, textAt, textsAt } from "../machines/fields.ts";

const groups = {
  virtualmachines: "kubevirt.io",
  virtualmachineinstances: "kubevirt.io",
  virtualmachineinstancemigrations: "kubevirt.io",
  datavolumes: "cdi.kubevirt.io",
  virtualmachineimages: "harvesterhci.io",
  virtualmachinetemplates: "harvesterhci.io",
  virtualmachinetemplateversions: "harvesterhci.io",
  keypairs: "harvesterhci.io",
  virtualmachinebackups: "harvesterhci.io",
  virtualmachinerestores: "harvesterhci.io",
  schedulevmbackups: "harvesterhci.io",
  settings: "harvesterhci.io",
  addons: "harvesterhci.io",
  upgrades: "harvesterhci.io",
  versions: "harvesterhci.io",
  supportbundles: "harvesterhci.io",
  inventories: "metal.harvesterhci.io",
  clusternetworks: "network.harvesterhci.io",
  vlanconfigs: "network.harvesterhci.io",
  vlanstatuses: "network.harvesterhci.io",
  "network-attachment-definitions": "k8s.cni.cncf.io",
  ippools: "loadbalancer.harvesterhci.io",
  loadbalancers: "loadbalancer.harvesterhci.io",
  volumesnapshots: "snapshot.storage.k8s.io",
  volumesnapshotclasses: "snapshot.storage.k8s.io",
  storageclasses: "storage.k8s.io",
  persistentvolumeclaims: "",
  persistentvolumes: "",
  namespaces: "",
  nodes: "",
  pods: "",
  secrets: "",
} as const;

export type Plural = keyof typeof groups;

export function kindOf(world: World, plural: Plural): Kind {
  return world.store.kindOf(groups[plural], plural);
}

export function find(
  world: World,
  plural: Plural,
  namespace: string | undefined,
  name: string,
): KubeObject | undefined {
  return world.store.find(kindOf(world, plural), namespace, name);
}

export function all(world: World, plural: Plural, namespace?: string): KubeObject[] {
  return world.store.list(kindOf(world, plural), namespace);
}

/** `pods "x" not found`, as a webhook's cache says it. */
export function missing(plural: Plural, name: string): string {
  const group = groups[plural];
  return `${group === "" ? plural : `${plural}.${group}`} "${name}" not found`;
}

/** The object there, made on the way where it is absent. What is no object there is replaced. */
export function ensured(object: KubeObject | Fields, ...path: readonly string[]): Fields {
  let here: Fields = object;
  for (const step of path) {
    const next = here[step];
    if (isFields(next)) {
      here = next;
    } else {
      const made: Fields = {};
      here[step] = made;
      here = made;
    }
  }
  return here;
}

export function annotation(object: unknown, name: string): string | undefined {
  return textAt(object, "metadata", "annotations", name);
}

export function label(object: unknown, name: string): string | undefined {
  return textsAt(object, "metadata", "labels")[name];
}

export function annotate(object: KubeObject, name: string, value: string): void {
  object.metadata.annotations = { ...object.metadata.annotations, [name]: value };
}

export function mark(object: KubeObject, name: string, value: string): void {
  object.metadata.labels = { ...object.metadata.labels, [name]: value };
}

/** `namespace/name`, or a bare name in the given namespace. */
export function reference(written: string, namespace: string): { namespace: string; name: string } {
  const [first = "", second] = written.split("/", 2);
  return second === undefined ? { namespace, name: first } : { namespace: first, name: second };
}

/** The claims a machine's volumes name, in order. */
export function claimNames(machine: unknown): string[] {
  return itemsAt(machine, "spec", "template", "spec", "volumes").flatMap(
    (volume) => textAt(volume, "persistentVolumeClaim", "claimName") ?? [],
  );
}

/** The machines of a namespace that name the claim. */
export function machinesUsing(world: World, namespace: string | undefined, claim: string): KubeObject[] {
  return all(world, "virtualmachines", namespace).filter((machine) => claimNames(machine).includes(claim));
}

/** The value of a setting, or what it is by default; undefined when it is neither. */
export function settingValue(world: World, name: string): string | undefined {
  const setting = find(world, "settings", undefined, name);
  return textAt(setting, "value") ?? textAt(setting, "default");
}

export const LONGHORN = "driver.longhorn.io";

/** Who provisions the volume of a claim: its annotation says, or its storage class. */
export function provisionerOf(world: World, claim: KubeObject): string | undefined {
  const said =
    annotation(claim, "volume.kubernetes.io/storage-provisioner") ??
    annotation(claim, "volume.beta.kubernetes.io/storage-provisioner");
  if (said !== undefined) return said;
  const className = textAt(claim, "spec", "storageClassName");
  return className === undefined
    ? undefined
    : textAt(find(world, "storageclasses", undefined, className), "provisioner");
}

/** Harvester's own service accounts: rules for people do not bind them. */
export function isController(user: { readonly name: string }): boolean {
  return user.name.startsWith("system:serviceaccount:harvester-system:");
}

export interface ClaimTemplate {
  readonly name: string;
  readonly storageClass: string | undefined;
  readonly storage: unknown;
  readonly imageId: string | undefined;
  readonly targetVolume: string | undefined;
  readonly fields: Fields;
}

export const CLAIM_TEMPLATES = "harvesterhci.io/volumeClaimTemplates";

/** The claims that a machine's annotation asks for. @throws Error when it is no list. */
export function claimTemplates(machine: unknown): ClaimTemplate[] {
  const written = annotation(machine, CLAIM_TEMPLATES);
  if (written === undefined) return [];
  const parsed: unknown = JSON.parse(written);
  if (!Array.isArray(parsed)) throw new Error("the annotation is not a list");
  return parsed.filter(isFields).map((fields) => ({
    name: textAt(fields, "metadata", "name") ?? "",
    storageClass: textAt(fields, "spec", "storageClassName"),
    storage: at(fields, "spec", "resources", "requests", "storage"),
    imageId: annotation(fields, "harvesterhci.io/imageId"),
    targetVolume: textAt(fields, "targetVolume"),
    fields,
  }));
}
