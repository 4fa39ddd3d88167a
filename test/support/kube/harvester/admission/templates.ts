import type { AdmissionRequest, KubeObject, World } from "../../words.ts";
import { at, fieldsAt, textAt } from "../machines/fields.ts";
import { shortSuffix } from "../steve/names.ts";
import { annotation, CLAIM_TEMPLATES, find, isController, missing, reference } from "./look.ts";
import { harvester, harvesterMutator } from "./refusals.ts";

const LIMITS = "spec.vm.spec.template.spec.domain.resources.limits";

/** A version without a name gets one from its template. */
export function fillVersion({ operation, object, world }: AdmissionRequest): void {
  if (operation !== "CREATE") return;
  const template = textAt(object, "spec", "templateId");
  if (template === undefined) throw harvesterMutator.invalid("TemplateId is empty", "spec.templateId");
  if (object.metadata.name) return;
  const prefix = `${reference(template, "").name}-`;
  object.metadata.generateName = prefix;
  object.metadata.name = `${prefix}${shortSuffix(world)}`;
}

function checkKeys(world: World, version: KubeObject): void {
  const keys = at(version, "spec", "keyPairIds");
  if (!Array.isArray(keys)) return;
  keys.map(String).forEach((key, index) => {
    const { namespace, name } = reference(key, "");
    if (find(world, "keypairs", namespace, name) !== undefined) return;
    throw harvester.invalid(
      `KeyPairID ${key} is invalid, ${missing("keypairs", name)}`,
      `spec.keyPairIds[${index}]`,
    );
  });
}

function checkLimits(version: KubeObject): void {
  if (at(version, "spec", "vm", "spec", "template") === undefined) return;
  const limits = fieldsAt(version, ...LIMITS.split("."));
  if (Object.keys(limits).length === 0) {
    throw harvester.invalid(
      "CPU and Memory limits are required fields, but are missing from the input",
      LIMITS,
    );
  }
  if (limits["memory"] === undefined) {
    throw harvester.invalid("Memory limit is an required field, but is missing from the input", LIMITS);
  }
  if (limits["cpu"] === undefined) {
    throw harvester.invalid("CPU limit is an required field, but is missing from the input", LIMITS);
  }
}

function checkClaims(version: KubeObject): void {
  const written = annotation(at(version, "spec", "vm"), CLAIM_TEMPLATES);
  if (written === undefined) return;
  try {
    JSON.parse(written);
  } catch {
    throw harvester.invalid(
      `Invalid JSON data in annotation ${CLAIM_TEMPLATES}`,
      `spec.vm.metadata.annotations["${CLAIM_TEMPLATES}"]`,
    );
  }
}

function checkNewVersion(world: World, version: KubeObject): void {
  const template = textAt(version, "spec", "templateId") ?? "";
  const { namespace, name } = reference(template, "");
  if (namespace !== version.metadata.namespace) {
    throw harvester.invalid(
      "Template version and template should reside in the same namespace",
      "metadata.namespace",
    );
  }
  if (find(world, "virtualmachinetemplates", namespace, name) === undefined) {
    throw harvester.invalid(missing("virtualmachinetemplates", name), "spec.templateId");
  }
  checkKeys(world, version);
  checkClaims(version);
  checkLimits(version);
}

/** Versions are never edited, and the one that a template goes by is not deleted. */
export function checkVersion({ operation, object, world, user }: AdmissionRequest): void {
  if (operation === "CREATE") {
    checkNewVersion(world, object);
  } else if (operation === "UPDATE") {
    if (isController(user) || object.metadata.deletionTimestamp) return;
    throw harvester.notAllowed("Update templateVersion is not supported");
  } else {
    const { namespace, name } = reference(textAt(object, "spec", "templateId") ?? "", "");
    const template = find(world, "virtualmachinetemplates", namespace, name);
    const self = `${object.metadata.namespace}/${object.metadata.name}`;
    if (textAt(template, "spec", "defaultVersionId") === self) {
      throw harvester.badRequest("Cannot delete the default templateVersion");
    }
  }
}
