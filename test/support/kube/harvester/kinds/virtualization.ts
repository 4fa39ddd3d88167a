import type { Kind } from "../../words.ts";
import * as schemas from "../schemas/virtual-machines.ts";
import { columns, inGroup } from "./custom-kind.ts";

const kubevirt = inGroup("kubevirt.io", "v1");

export const virtualizationKinds: readonly Kind[] = [
  kubevirt("VirtualMachine", "virtualmachines", schemas.virtualMachine, {
    shortNames: ["vm", "vms"],
    subresources: ["status"],
    columns: columns("STATUS:status.printableStatus", "READY:status.ready:boolean"),
  }),
  kubevirt("VirtualMachineInstance", "virtualmachineinstances", schemas.virtualMachineInstance, {
    shortNames: ["vmi", "vmis"],
    verbs: ["get", "list", "watch", "delete"],
    columns: columns("PHASE:status.phase", "NODENAME:status.nodeName"),
  }),
  kubevirt("VirtualMachineInstanceMigration", "virtualmachineinstancemigrations", schemas.migration, {
    shortNames: ["vmim", "vmims"],
    subresources: ["status"],
    columns: columns("PHASE:status.phase", "VMI:spec.vmiName"),
  }),
  kubevirt("KubeVirt", "kubevirts", schemas.kubeVirt, {
    shortNames: ["kv", "kvs"],
    subresources: ["status"],
    columns: columns("PHASE:status.phase"),
  }),
  inGroup("cdi.kubevirt.io", "v1beta1")("DataVolume", "datavolumes", schemas.dataVolume, {
    shortNames: ["dv", "dvs"],
    columns: columns("PHASE:status.phase", "PROGRESS:status.progress"),
  }),
];
