import type { AdmissionRequest, KubeObject, World } from "../../words.ts";
import { itemsAt, textAt } from "../machines/fields.ts";
import { quantityOf } from "../machines/quantity.ts";
import { checkExpandable } from "./claim-growth.ts";
import {
  all,
  annotation,
  CLAIM_TEMPLATES,
  type ClaimTemplate,
  claimNames,
  claimTemplates,
  find,
} from "./look.ts";
import { harvester } from "./refusals.ts";

const FIELD = `metadata.annotations[${CLAIM_TEMPLATES}]`;

function templatesOf(machine: KubeObject): ClaimTemplate[] {
  try {
    return claimTemplates(machine);
  } catch (error) {
    throw harvester.invalid(
      `the volumeClaimTemplates annotaion is invalid: ${error instanceof Error ? error.message : String(error)}`,
      "metadata.annotations",
    );
  }
}

/** `namespace/name` of the image a storage class is made for. */
function imageOfClass(world: World, className: string): string | undefined {
  const image = all(world, "virtualmachineimages").find(
    (one) => textAt(one, "status", "storageClassName") === className,
  );
  return image === undefined ? undefined : `${image.metadata.namespace}/${image.metadata.name}`;
}

function checkImage(world: World, template: ClaimTemplate): void {
  const { storageClass, imageId } = template;
  if (storageClass === undefined) return;
  const image = imageOfClass(world, storageClass);
  if (image !== undefined && imageId !== undefined && imageId !== image) {
    throw harvester.invalid(
      `imageId "${imageId}" in volume template does not match backing image of storage class "${storageClass}" (expected "${image}")`,
      FIELD,
    );
  }
  if (find(world, "storageclasses", undefined, storageClass) === undefined) {
    throw harvester.internal(
      `failed to get storage class ${storageClass}: storageclasses.storage.k8s.io "${storageClass}" not found`,
    );
  }
}

/** The claims a machine asks for are well formed, and new or changed ones stand on classes that fit their image. */
export function checkClaimTemplates({ object, old, world }: AdmissionRequest): void {
  const templates = templatesOf(object);
  if (templates.some(({ name }) => name === "")) {
    throw harvester.invalid(
      "the volumeClaimTemplates annotaion is invalid: PVC name is required",
      "metadata.annotations",
    );
  }
  if (old !== undefined && annotation(old, CLAIM_TEMPLATES) === annotation(object, CLAIM_TEMPLATES)) return;
  const before = new Map((old ? templatesOf(old) : []).map((one) => [one.name, one]));
  for (const template of templates) {
    const known = before.get(template.name);
    if (known?.imageId === template.imageId && known?.storageClass === template.storageClass && known)
      continue;
    checkImage(world, template);
  }
}

/** Volumes keep their class and never shrink. @throws StatusError 422, 500 */
export function checkMovedTemplates(world: World, machine: KubeObject, old: KubeObject): void {
  const written = annotation(machine, CLAIM_TEMPLATES);
  if (written === undefined || written === annotation(old, CLAIM_TEMPLATES)) return;
  const next = new Map(templatesOf(machine).map((one) => [one.name, one]));
  let moved = "";
  for (const before of templatesOf(old)) {
    const after = next.get(before.name);
    if (after === undefined) continue;
    checkSize(world, machine, before, after);
    if (before.storageClass && after.storageClass && before.storageClass !== after.storageClass) {
      moved += ` new name ${after.storageClass} in volume ${before.name};`;
    }
  }
  if (moved !== "") {
    throw harvester.internal(
      `storage class names for the volumes in the ${CLAIM_TEMPLATES} annotation cannot be changed;${moved}`,
    );
  }
}

function checkSize(world: World, machine: KubeObject, before: ClaimTemplate, after: ClaimTemplate): void {
  const grown = quantityOf(after.storage) - quantityOf(before.storage);
  if (grown < 0) {
    throw harvester.invalid(
      `${after.name} PVC requests storage can't be less than previous value`,
      `metadata.annotations.${CLAIM_TEMPLATES}`,
    );
  }
  if (grown === 0) return;
  const claim = find(world, "persistentvolumeclaims", machine.metadata.namespace, before.name);
  if (claim !== undefined) checkExpandable(world, claim);
}

/** A disk moves to another volume only while the machine runs, one at a time, to one that is large enough. */
export function checkTargetVolumes(world: World, machine: KubeObject): void {
  const moving = templatesOf(machine).filter(({ targetVolume }) => targetVolume !== undefined);
  if (moving.length > 1) {
    throw harvester.invalid("only one volume migration is allowed at a time", FIELD);
  }
  for (const template of moving) checkTarget(world, machine, template);
}

function checkTarget(world: World, machine: KubeObject, template: ClaimTemplate): void {
  const target = template.targetVolume ?? "";
  const { namespace } = machine.metadata;
  const claims = claimNames(machine);
  if (claims.includes(target)) return;
  const dataVolumes = itemsAt(machine, "spec", "template", "spec", "volumes").map((volume) =>
    textAt(volume, "dataVolume", "name"),
  );
  if (dataVolumes.includes(template.name)) {
    throw harvester.invalid(
      `source volume ${template.name} is a DataVolume, only PVC sources are supported for storage migration`,
      FIELD,
    );
  }
  if (!claims.includes(template.name)) {
    throw harvester.invalid(`PVC ${template.name} is not attached to the VM`, FIELD);
  }
  if (textAt(machine, "status", "printableStatus") !== "Running") {
    throw harvester.invalid("VM must be running to set targetVolume for volume migration", FIELD);
  }
  const claim = find(world, "persistentvolumeclaims", namespace, target);
  if (claim === undefined) {
    throw harvester.invalid(`targetVolume PVC ${namespace}/${target} not found`, FIELD);
  }
  const size = textAt(claim, "spec", "resources", "requests", "storage");
  if (quantityOf(size) < quantityOf(template.storage)) {
    throw harvester.invalid(
      `targetVolume ${target} size (${size}) must not be less than source volume ${template.name} size (${template.storage})`,
      FIELD,
    );
  }
}
