import type { AdmissionRequest, KubeObject, World } from "../../words.ts";
import { isTrue } from "../machines/conditions.ts";
import { at, textAt, textsAt } from "../machines/fields.ts";
import { all, annotate, annotation, ensured, find, mark } from "./look.ts";
import { harvester, harvesterMutator } from "./refusals.ts";

const CLASS = "harvesterhci.io/storageClassName";
const DISPLAY_NAME = "harvesterhci.io/imageDisplayName";
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

/** Parameters that an image's volumes take over from the class it is asked for. */
const TAKEN = [
  "nodeSelector",
  "diskSelector",
  "numberOfReplicas",
  "staleReplicaTimeout",
  "dataLocality",
  "encrypted",
];

function isTaken(parameter: string): boolean {
  return TAKEN.includes(parameter) || parameter.startsWith("csi.storage.k8s.io/");
}

function defaultClass(world: World): KubeObject | undefined {
  return all(world, "storageclasses").find(
    (one) => annotation(one, "storageclass.kubernetes.io/is-default-class") === "true",
  );
}

function fillClass(world: World, image: KubeObject): void {
  const spec = ensured(image, "spec");
  const asked = annotation(image, CLASS) ?? textAt(spec, "targetStorageClassName");
  const name = asked ?? defaultClass(world)?.metadata.name;
  if (name === undefined) throw harvesterMutator.internal("missing default storage class");
  if (annotation(image, CLASS) === undefined) annotate(image, CLASS, name);
  if (textAt(spec, "targetStorageClassName") === undefined) spec["targetStorageClassName"] = name;
}

function fillParameters(world: World, image: KubeObject): void {
  const asked = annotation(image, CLASS);
  const found = asked === undefined ? defaultClass(world) : find(world, "storageclasses", undefined, asked);
  if (found === undefined) {
    throw harvesterMutator.internal(
      asked === undefined
        ? "no default storageClass found for backingImage"
        : `storageclasses.storage.k8s.io "${asked}" not found`,
    );
  }
  const given = textsAt(found, "parameters");
  if (asked !== undefined && given["backingImage"] !== undefined) {
    throw harvesterMutator.internal(
      "can not use a backing image storageClass as the base storageClass template",
    );
  }
  const taken = Object.entries(given).filter(([name]) => isTaken(name));
  ensured(image, "spec")["storageClassParameters"] = {
    numberOfReplicas: "3",
    staleReplicaTimeout: "30",
    migratable: "true",
    ...Object.fromEntries(taken),
  };
}

export function fillImage({ operation, object, world }: AdmissionRequest): void {
  if (operation === "DELETE" || object.metadata.deletionTimestamp) return;
  if (operation === "CREATE") {
    mark(object, DISPLAY_NAME, textAt(object, "spec", "displayName") ?? "");
    fillParameters(world, object);
  }
  fillClass(world, object);
}

function checkDisplayName(world: World, image: KubeObject): void {
  const name = textAt(image, "spec", "displayName");
  if (name === undefined) throw harvester.invalid("displayName is required", "spec.displayName");
  const { namespace, name: self } = image.metadata;
  const taken = all(world, "virtualmachineimages", namespace).some(
    (other) => other.metadata.name !== self && textAt(other, "spec", "displayName") === name,
  );
  if (taken) throw harvester.conflict("A resource with the same name exists");
}

function checkLabel(image: KubeObject): void {
  const name = textAt(image, "spec", "displayName") ?? "";
  const wrong =
    name.length > 63
      ? "must be no more than 63 characters"
      : LABEL_VALUE.test(name)
        ? undefined
        : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  if (wrong !== undefined) {
    throw harvester.invalid(
      `displayName is not a valid Kubernetes label value: ${wrong}`,
      "spec.displayName",
    );
  }
}

function checkUrl(image: KubeObject): void {
  const source = textAt(image, "spec", "sourceType") ?? "";
  const url = textAt(image, "spec", "url");
  if (source === "download" || source === "restore") {
    if (url === undefined) throw harvester.invalid("url is required", "spec.url");
    if (/\s|%(?![0-9a-fA-F]{2})/.test(url)) {
      throw harvester.invalid(`url is invalid: parse "${url}": invalid character in URL`, "spec.url");
    }
  } else if (url !== undefined) {
    throw harvester.invalid(`url should be empty when image source type is "${source}"`, "spec.url");
  }
}

function checkSourceVolume(world: World, image: KubeObject): void {
  if (textAt(image, "spec", "sourceType") !== "export-from-volume") return;
  const namespace = textAt(image, "spec", "pvcNamespace");
  const name = textAt(image, "spec", "pvcName");
  const needed = (field: string) =>
    harvester.invalid(`${field} is required when image source type is "export-from-volume"`, `spec.${field}`);
  if (namespace === undefined) throw needed("pvcNamespace");
  if (name === undefined) throw needed("pvcName");
  if (find(world, "persistentvolumeclaims", namespace, name) === undefined) {
    throw harvester.invalid(
      `failed to get pvc ${name}/${namespace}, error: persistentvolumeclaims "${name}" not found`,
      "",
    );
  }
}

function checkClone(world: World, image: KubeObject): void {
  if (textAt(image, "spec", "sourceType") !== "clone") return;
  const asked = at(image, "spec", "securityParameters");
  if (asked === undefined) {
    throw harvester.invalid(
      'sourceParameters is required when image source type is "clone"',
      "spec.sourceParameters",
    );
  }
  const namespace = textAt(asked, "sourceImageNamespace") ?? "";
  const name = textAt(asked, "sourceImageName") ?? "";
  const source = find(world, "virtualmachineimages", namespace, name);
  if (source === undefined) {
    throw harvester.invalid(
      `source image ${namespace}/${name} not found`,
      "spec.securityParameters.sourceImageName",
    );
  }
  const encrypted = textAt(source, "spec", "securityParameters", "cryptoOperation") === "encrypt";
  const encrypts = textAt(asked, "cryptoOperation") === "encrypt";
  const called = `source image ${namespace}/${name} (${textAt(source, "spec", "displayName")})`;
  if (encrypted && encrypts) {
    throw harvester.invalid(`can not re-encrypt, ${called} is already encrypted`, "");
  }
  if (!encrypted && !encrypts) {
    throw harvester.invalid(`can not re-decrypt, ${called} is not encrypted`, "");
  }
  if (!isTrue(source, "Imported")) throw harvester.invalid(`${called} is not ready`, "");
  if (encrypts) checkEncryptingClass(world, image);
}

function checkEncryptingClass(world: World, image: KubeObject): void {
  const name = annotation(image, CLASS) ?? "";
  const found = find(world, "storageclasses", undefined, name);
  const field = `metadata.annotations[${CLASS}]`;
  if (found === undefined) throw harvester.invalid(`storage class ${name} not found`, field);
  if (textsAt(found, "parameters")["encrypted"] !== "true") {
    throw harvester.invalid(
      `storage class ${name} is not for encryption or decryption`,
      "spec.parameters[encrypted] must be true",
    );
  }
}

const FIXED = [
  ["storageClassParameters", "storageClassParameters of the VM Image cannot be modified"],
  ["sourceType", "sourceType cannot be modified"],
  ["pvcNamespace", "pvcNamespace cannot be modified"],
  ["pvcName", "pvcName cannot be modified"],
  ["url", "url cannot be modified"],
  ["securityParameters", "securityParameters cannot be modified"],
  ["displayName", "displayName cannot be modified"],
] as const;

function checkFixed(image: KubeObject, old: KubeObject): void {
  for (const [field, why] of FIXED) {
    const kept = JSON.stringify(at(old, "spec", field)) === JSON.stringify(at(image, "spec", field));
    if (!kept) throw harvester.invalid(why, `spec.${field}`);
  }
  const before = annotation(old, CLASS);
  if (before !== undefined && before !== annotation(image, CLASS)) {
    throw harvester.invalid("storageClassName cannot be modified", `metadata.annotations[${CLASS}]`);
  }
  const target = textAt(old, "spec", "targetStorageClassName");
  if (target !== undefined && target !== textAt(image, "spec", "targetStorageClassName")) {
    throw harvester.invalid("storageClassName cannot be modified", "spec.targetStorageClassName");
  }
}

function checkUnused(world: World, image: KubeObject): void {
  const className = textAt(image, "status", "storageClassName");
  if (className === undefined) return;
  const { namespace } = image.metadata;
  const refused = (user: string) =>
    harvester.invalid(
      `Cannot delete image ${namespace}/${textAt(image, "spec", "displayName")}: being used by ${user}`,
      "",
    );
  for (const owner of image.metadata.ownerReferences ?? []) {
    if (owner.kind !== "VirtualMachineTemplateVersion") continue;
    if (find(world, "virtualmachinetemplateversions", namespace, owner.name) !== undefined) {
      throw refused(`VMTemplateVersion ${owner.name}`);
    }
  }
  const claim = all(world, "persistentvolumeclaims").find(
    (one) => textAt(one, "spec", "storageClassName") === className,
  );
  if (claim !== undefined) throw refused(`volume ${claim.metadata.namespace}/${claim.metadata.name}`);
  const backups = all(world, "virtualmachinebackups").filter((backup) =>
    JSON.stringify(at(backup, "status", "volumeBackups") ?? []).includes(`"${className}"`),
  );
  if (backups.length > 0) {
    const names = backups.map((one) => `${one.metadata.namespace}/${one.metadata.name}`);
    throw refused(`VMBackups ${names.join(",")}`);
  }
}

export function checkImage({ operation, object, old, world }: AdmissionRequest): void {
  if (operation === "DELETE") {
    checkUnused(world, object);
    return;
  }
  if (object.metadata.deletionTimestamp) return;
  if (operation === "UPDATE" && old !== undefined) {
    checkFixed(object, old);
  } else {
    checkLabel(object);
    checkClone(world, object);
    checkSourceVolume(world, object);
  }
  checkDisplayName(world, object);
  checkUrl(object);
}
