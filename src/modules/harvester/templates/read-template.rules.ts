import { conditionsOf, fieldAt, metaOf, numberAt, textAt, textsAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import { machineDetailOf } from "../machines/read-machine.rules.ts";
import type { MachineTemplate, TemplateVersion } from "./schemas.ts";

export function templateOf(template: KubeObject): MachineTemplate {
  return {
    namespace: template.metadata.namespace ?? "",
    ...metaOf(template),
    description: textAt(template, "spec", "description"),
    defaultVersionId: textAt(template, "spec", "defaultVersionId"),
    defaultVersion: numberAt(template, "status", "defaultVersion"),
    latestVersion: numberAt(template, "status", "latestVersion"),
  };
}

export function versionOf(version: KubeObject): TemplateVersion {
  const vm = fieldAt(version, "spec", "vm");
  const given = (fieldAt(vm, "metadata") ?? {}) as object;
  const machine = machineDetailOf({
    metadata: { name: "", ...given },
    spec: fieldAt(vm, "spec") ?? {},
  });
  const keys = textsAt(version, "spec", "keyPairIds");
  return {
    namespace: version.metadata.namespace ?? "",
    ...metaOf(version),
    template: textAt(version, "spec", "templateId") ?? "",
    version: numberAt(version, "status", "version"),
    description: textAt(version, "spec", "description"),
    image:
      textAt(version, "spec", "imageId") ?? machine.disks.find(({ image }) => image !== null)?.image ?? null,
    cpu: machine.cpu,
    memoryBytes: machine.memoryBytes,
    disks: machine.disks,
    networks: machine.networks,
    sshKeys: keys.length > 0 ? keys : machine.sshKeys,
    ready: conditionsOf(version).every(({ status }) => status !== "False"),
  };
}
