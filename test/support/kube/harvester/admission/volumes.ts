import { forbidden, invalid } from "../../api-server/status-error.ts";
import type { AdmissionRequest, KubeObject, World } from "../../words.ts";
import { isTrue } from "../machines/conditions.ts";
import { at, fieldsAt, flagAt, isFields, itemsAt, textAt, textsAt } from "../machines/fields.ts";
import { quantityOf } from "../machines/quantity.ts";
import { checkExpandable } from "./claim-growth.ts";
import { all, annotation, find, machinesUsing, missing } from "./look.ts";
import { harvester } from "./refusals.ts";

const GOLDEN = "harvesterhci.io/goldenImage";
const RESERVED = ["longhorn-static", "vmstate-persistence"];

const sizeOf = (claim: KubeObject) => quantityOf(at(claim, "spec", "resources", "requests", "storage"));

/** Kubernetes' own: a claim never shrinks below what it has, and grows only where its class lets it. */
function checkSize({ kind, object, world }: AdmissionRequest, old: KubeObject): void {
  const { name } = object.metadata;
  if (sizeOf(object) < sizeOf(old)) {
    const has = at(object, "status", "capacity", "storage");
    if (has === undefined || sizeOf(object) <= quantityOf(has)) {
      const field = "spec.resources.requests.storage";
      const message = "Forbidden: field can not be less than status.capacity";
      throw invalid(kind, name, [{ reason: "FieldValueForbidden", message, field }]);
    }
    return;
  }
  const className = textAt(object, "spec", "storageClassName") ?? "";
  const found = find(world, "storageclasses", undefined, className);
  if (found !== undefined && !flagAt(found, "allowVolumeExpansion")) {
    throw forbidden(
      kind,
      name,
      "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
    );
  }
}

/** Kubernetes' own: a new claim that names no class gets the default one; an empty name means none. */
export function fillClaim({ operation, object, world }: AdmissionRequest): void {
  const spec = object["spec"];
  if (operation !== "CREATE" || !isFields(spec) || spec["storageClassName"] !== undefined) return;
  const standard = all(world, "storageclasses").find(
    (one) => annotation(one, "storageclass.kubernetes.io/is-default-class") === "true",
  );
  if (standard !== undefined) spec["storageClassName"] = standard.metadata.name;
}

function checkFixed({ kind, object }: AdmissionRequest, old: KubeObject): void {
  for (const field of ["storageClassName", "volumeMode", "accessModes"]) {
    if (JSON.stringify(at(old, "spec", field)) === JSON.stringify(at(object, "spec", field))) continue;
    if (at(old, "spec", field) === undefined) continue;
    const message =
      "Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
    throw invalid(kind, object.metadata.name, [{ reason: "FieldValueForbidden", message, field: "spec" }]);
  }
}

function checkChange(request: AdmissionRequest, old: KubeObject): void {
  const { object, world } = request;
  const { namespace, name } = object.metadata;
  const golden = annotation(old, GOLDEN);
  if (golden !== undefined && annotation(object, GOLDEN) !== golden) {
    const verb = annotation(object, GOLDEN) === undefined ? "remove" : "change";
    throw harvester.invalid(`can not ${verb} golden image annotation from PVC ${namespace}/${name}`, "");
  }
  checkFixed(request, old);
  if (sizeOf(object) === sizeOf(old)) return;
  checkSize(request, old);
  checkExpandable(world, object);
}

function checkUnused(world: World, claim: KubeObject): void {
  const { namespace, name } = claim.metadata;
  if (
    annotation(claim, GOLDEN) === "true" &&
    find(world, "virtualmachineimages", namespace, name) !== undefined
  ) {
    throw harvester.invalid("can not delete golden image PVC", "");
  }
  const exporting = all(world, "virtualmachineimages").find(
    (image) =>
      textAt(image, "spec", "sourceType") === "export-from-volume" &&
      textAt(image, "spec", "pvcName") === name &&
      textAt(image, "spec", "pvcNamespace") === namespace &&
      !isTrue(image, "Imported"),
  );
  if (exporting !== undefined) {
    throw harvester.invalid(
      `can not delete volume ${name} which is exporting for image ${exporting.metadata.namespace}/${exporting.metadata.name}`,
      "value",
    );
  }
  const attached = machinesUsing(world, namespace, name).find((one) => !one.metadata.deletionTimestamp);
  if (attached !== undefined) {
    throw harvester.conflict(
      `can not delete the volume ${name} which is currently attached to VM: ${namespace}/${attached.metadata.name}`,
    );
  }
  checkUnowned(world, claim);
}

function checkUnowned(world: World, claim: KubeObject): void {
  const owners = (claim.metadata.ownerReferences ?? [])
    .filter((owner) => owner.kind === "VirtualMachine")
    .filter((owner) => {
      const machine = find(world, "virtualmachines", claim.metadata.namespace, owner.name);
      return machine !== undefined && machine.metadata.deletionTimestamp === undefined;
    });
  if (owners.length > 0) {
    const names = owners.map((owner) => owner.name).join(",");
    throw harvester.invalid(
      `can not delete the volume ${claim.metadata.name} which is currently owned by these VMs: ${names}`,
      "",
    );
  }
}

function checkClass(world: World, claim: KubeObject): void {
  const className = textAt(claim, "spec", "storageClassName");
  if (className === undefined) return;
  if (RESERVED.includes(className)) {
    throw harvester.invalid(
      `can not create volume with the reserved storage class ${className}`,
      "spec.storageClassName",
    );
  }
  if (find(world, "storageclasses", undefined, className) === undefined) {
    throw harvester.internal(
      `failed to get storage class ${className}: ${missing("storageclasses", className)}`,
    );
  }
}

export function checkClaim(request: AdmissionRequest): void {
  const { operation, object, old, world, subresource } = request;
  if (subresource !== undefined) return;
  if (operation === "DELETE") checkUnused(world, object);
  else if (operation === "CREATE") checkClass(world, object);
  else if (old !== undefined && !object.metadata.deletionTimestamp) checkChange(request, old);
}

const DEFAULT = "storageclass.kubernetes.io/is-default-class";

function checkDefault(world: World, storageClass: KubeObject): void {
  if (annotation(storageClass, DEFAULT) !== "true") return;
  const other = all(world, "storageclasses").find(
    (one) => one.metadata.name !== storageClass.metadata.name && annotation(one, DEFAULT) === "true",
  );
  if (other !== undefined) {
    throw harvester.invalid(
      `default storage class ${other.metadata.name} already exists, please reset it first before set ${storageClass.metadata.name} as default`,
      "",
    );
  }
}

function checkLocality(storageClass: KubeObject): void {
  const locality = textsAt(storageClass, "parameters")["dataLocality"];
  if (locality === undefined || locality === "disabled" || locality === "best-effort") return;
  throw harvester.invalid(
    locality === "strict-local"
      ? "storage class with strict-local data locality is not allowed"
      : `storage class with invalid data locality ${locality}, valid values: "disabled", "best-effort"`,
    "",
  );
}

function checkClassUnused(world: World, storageClass: KubeObject): void {
  const { name } = storageClass.metadata;
  if (annotation(storageClass, "harvesterhci.io/is-reserved-storageclass") === "true") {
    throw harvester.invalid(`storage class ${name} is reserved by Harvester and can't be deleted`, "");
  }
  const images = all(world, "virtualmachineimages")
    .filter((image) => textAt(image, "status", "storageClassName") === name)
    .map((image) => image.metadata.name);
  if (images.length > 0) {
    throw harvester.invalid(
      `storage class ${name} is used by virtual machine images: [${images.join(" ")}]`,
      "",
    );
  }
}

export function checkStorageClass({ operation, object, world }: AdmissionRequest): void {
  if (operation === "DELETE") {
    checkClassUnused(world, object);
    return;
  }
  checkDefault(world, object);
  if (operation === "CREATE") checkLocality(object);
}

/** A volume that machines write together has no consistent snapshot. */
export function checkVolumeSnapshot({ operation, object, world }: AdmissionRequest): void {
  if (operation !== "CREATE") return;
  const claim = textAt(object, "spec", "source", "persistentVolumeClaimName");
  if (claim === undefined) return;
  const { namespace } = object.metadata;
  for (const machine of machinesUsing(world, namespace, claim)) {
    const spec = fieldsAt(machine, "spec", "template", "spec");
    const disks = itemsAt(spec, "domain", "devices", "disks");
    const volume = itemsAt(spec, "volumes").find(
      (one) => textAt(one, "persistentVolumeClaim", "claimName") === claim,
    );
    if (!disks.some((disk) => disk["name"] === volume?.["name"] && flagAt(disk, "shareable"))) continue;
    throw harvester.invalid(
      `cannot snapshot PVC ${namespace}/${claim}: it is attached to VM ${namespace}/${machine.metadata.name} as a shareable disk and may be written by multiple VMs concurrently`,
      "spec.source.persistentVolumeClaimName",
    );
  }
}
