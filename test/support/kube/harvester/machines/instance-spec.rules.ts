import type { KubeObject } from "../../words.ts";
import { at, type Fields, fieldsAt, itemsAt, numberAt, textAt, textsAt } from "./fields.ts";
import { bytesText, processorsText, quantityOf } from "./quantity.ts";

const gpuResource = (device: Fields) => textAt(device, "deviceName") ?? "";

/** Processors that a guest sees: sockets x cores x threads. */
export function guestProcessors(spec: unknown): number {
  const cpu = fieldsAt(spec, "domain", "cpu");
  return (numberAt(cpu, "cores") ?? 1) * (numberAt(cpu, "sockets") ?? 1) * (numberAt(cpu, "threads") ?? 1);
}

/** Memory that a guest sees, in bytes. */
export function guestMemory(spec: unknown): number {
  return (
    quantityOf(at(spec, "domain", "memory", "guest")) ||
    quantityOf(at(spec, "domain", "resources", "limits", "memory")) ||
    quantityOf(at(spec, "domain", "resources", "requests", "memory"))
  );
}

/** What an instance asks of a node, by resource, as its launcher pod requests it. */
export function requestsOf(spec: unknown): Record<string, string> {
  const asked = fieldsAt(spec, "domain", "resources", "requests");
  const limits = fieldsAt(spec, "domain", "resources", "limits");
  const cpu = quantityOf(asked["cpu"]) || quantityOf(limits["cpu"]) || guestProcessors(spec);
  const memory = quantityOf(asked["memory"]) || quantityOf(limits["memory"]) || guestMemory(spec);
  const requests: Record<string, string> = { cpu: processorsText(cpu), memory: bytesText(memory) };
  const devices = fieldsAt(spec, "domain", "devices");
  for (const device of [...itemsAt(devices, "gpus"), ...itemsAt(devices, "hostDevices")]) {
    const resource = gpuResource(device);
    if (resource !== "") requests[resource] = `${quantityOf(requests[resource]) + 1}`;
  }
  return requests;
}

/** Names of the claims that an instance needs, in the order of its volumes. */
export function claimsOf(spec: unknown): string[] {
  return itemsAt(spec, "volumes").flatMap((volume) => {
    const claim =
      textAt(volume, "persistentVolumeClaim", "claimName") ?? textAt(volume, "dataVolume", "name");
    return claim === undefined ? [] : [claim];
  });
}

/** Whether a live migration can carry the instance, and if not why, in KubeVirt's words. */
export function migratability(spec: unknown): {
  readonly live: boolean;
  readonly reason?: string;
  readonly message?: string;
} {
  const devices = fieldsAt(spec, "domain", "devices");
  if (itemsAt(devices, "gpus").length + itemsAt(devices, "hostDevices").length > 0)
    return { live: false, reason: "HostDeviceNotLiveMigratable", message: "VMI uses a PCI host devices" };
  if (textAt(spec, "domain", "cpu", "model") === "host-passthrough")
    return { live: false, reason: "CPUModeLiveMigratable", message: "VMI uses cpu mode host-passthrough" };
  return { live: true };
}

/** The instance that a virtual machine stands for. */
export function instanceFor(machine: KubeObject): {
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  readonly spec: Fields;
} {
  const template = fieldsAt(machine, "spec", "template");
  return {
    labels: {
      ...textsAt(template, "metadata", "labels"),
      "harvesterhci.io/vmName": machine.metadata.name,
      "vm.kubevirt.io/name": machine.metadata.name,
    },
    annotations: textsAt(template, "metadata", "annotations"),
    spec: structuredClone(fieldsAt(template, "spec")),
  };
}
