import type * as z from "zod";
import type { VirtualMachineSummary } from "../../../contracts/relay/summaries.ts";
import { at, isTrueAt, type KubeObject, listAt, textAt } from "./kube-object.ts";
import { quantity } from "./quantity.rules.ts";
import type { Around } from "./summary.rules.ts";

type Summary = z.infer<typeof VirtualMachineSummary>;

const states: Readonly<Record<string, Summary["state"]>> = {
  Stopped: "stopped",
  Provisioning: "starting",
  Starting: "starting",
  WaitingForVolumeBinding: "starting",
  WaitingForReceiver: "migrating",
  Running: "running",
  Paused: "paused",
  Stopping: "stopping",
  Terminating: "stopping",
  Migrating: "migrating",
  CrashLoopBackOff: "crashed",
  ErrorUnschedulable: "error",
  ErrImagePull: "error",
  ImagePullBackOff: "error",
  ErrorPvcNotFound: "error",
  ErrorDataVolumeNotFound: "error",
  DataVolumeError: "error",
};

/** The state of a virtual machine in Maru's words, from the cluster's own word for it. */
export function machineState(printableStatus: string): Summary["state"] {
  return states[printableStatus] ?? "unknown";
}

/** A virtual machine with what is known of its running instance, its volumes and where its first disk came from. */
export function summariseMachine(machine: KubeObject, around: Around): Summary {
  const { name, namespace = "" } = machine.metadata;
  const instance = around.find("kubevirt.io/virtualmachineinstances", namespace, name);
  const printableStatus = textAt(machine, "status.printableStatus") || "Unknown";
  const claims = claimsOf(machine);
  const domain = at(machine, "spec.template.spec.domain");
  return {
    printableStatus,
    state: machineState(printableStatus),
    runStrategy:
      textAt(machine, "spec.runStrategy") || (isTrueAt(machine, "spec.running") ? "Always" : "Halted"),
    cpus: cpusOf(domain),
    memoryBytes: quantity(at(domain, "memory.guest")) || quantity(at(domain, "resources.limits.memory")),
    host: textAt(instance, "status.nodeName") || null,
    addresses: addressesOf(instance),
    volumes: claims.map((claim) => `${namespace}/${claim}`),
    networks: networksOf(machine, namespace),
    image: imageOf(machine, claims, around),
  };
}

function cpusOf(domain: unknown): number {
  const parts = ["cpu.sockets", "cpu.cores", "cpu.threads"].map((path) => quantity(at(domain, path)) || 1);
  const product = parts.reduce((all, one) => all * one, 1);
  return at(domain, "cpu") === undefined ? quantity(at(domain, "resources.limits.cpu")) : product;
}

function addressesOf(instance: KubeObject | undefined): string[] {
  const all = listAt(instance, "status.interfaces").flatMap((one) => {
    const several = listAt(one, "ipAddresses").filter(
      (address): address is string => typeof address === "string",
    );
    return several.length > 0 ? several : [textAt(one, "ipAddress", 100)];
  });
  return [...new Set(all.filter((address) => address !== ""))]
    .slice(0, 32)
    .map((address) => address.slice(0, 100));
}

function claimsOf(machine: KubeObject): string[] {
  return listAt(machine, "spec.template.spec.volumes").flatMap((volume) => {
    const claim = textAt(volume, "persistentVolumeClaim.claimName") || textAt(volume, "dataVolume.name");
    return claim === "" ? [] : [claim];
  });
}

function networksOf(machine: KubeObject, namespace: string): string[] {
  return listAt(machine, "spec.template.spec.networks").map((network) => {
    const named = textAt(network, "multus.networkName");
    if (named === "") return "pod";
    return named.includes("/") ? named : `${namespace}/${named}`;
  });
}

function imageOf(machine: KubeObject, claims: readonly string[], around: Around): string | null {
  for (const claim of claims) {
    const found = around.find("core/persistentvolumeclaims", machine.metadata.namespace, claim);
    const image = found?.metadata.annotations?.["harvesterhci.io/imageId"];
    if (image !== undefined && image !== "") return image.slice(0, 600);
  }
  return null;
}
