import type * as z from "zod";
import type { InventoryKind, summaries } from "../../../contracts/relay/summaries.ts";
import { at, condition, isTrueAt, type KubeObject, listAt, textAt } from "./kube-object.ts";
import { summariseMachine } from "./machine-summary.rules.ts";
import { quantity } from "./quantity.rules.ts";

/** What the summary of one object may look at besides. */
export interface Around {
  find(kind: string, namespace: string | undefined, name: string): KubeObject | undefined;
}

type SummaryOf<Kind extends InventoryKind> = z.infer<(typeof summaries)[Kind]>;

type Summarise = {
  readonly [Kind in InventoryKind]: (object: KubeObject, around: Around) => SummaryOf<Kind>;
};

const summarise: Summarise = {
  "core/nodes": summariseHost,
  "core/namespaces": (object) => ({ phase: textAt(object, "status.phase") || "Active" }),
  "kubevirt.io/virtualmachines": summariseMachine,
  "core/persistentvolumeclaims": summariseVolume,
  "longhorn.io/volumes": summariseBacking,
  "harvesterhci.io/virtualmachineimages": summariseImage,
  "k8s.cni.cncf.io/network-attachment-definitions": summariseNetwork,
  "harvesterhci.io/virtualmachinebackups": summariseBackup,
  "harvesterhci.io/virtualmachinerestores": summariseRestore,
};

/** The small picture of an object that leaves the cluster: names, states, sizes and links. */
export function summaryOf(kind: InventoryKind, object: KubeObject, around: Around): Record<string, unknown> {
  return summarise[kind](object, around);
}

function summariseHost(node: KubeObject): SummaryOf<"core/nodes"> {
  const ready = at(condition(node, "Ready"), "status");
  const maintenance = node.metadata.annotations?.["harvesterhci.io/maintain-status"];
  const roles = Object.keys(node.metadata.labels ?? {}).flatMap((label) => {
    const role = /^node-role\.(?:kubernetes|harvesterhci)\.io\/(.+)$/.exec(label)?.[1];
    return role === undefined ? [] : [role];
  });
  const address = listAt(node, "status.addresses").find((one) => at(one, "type") === "InternalIP");
  return {
    state:
      maintenance !== undefined && maintenance !== ""
        ? "maintenance"
        : ready === "True"
          ? "ready"
          : ready === "False"
            ? "not_ready"
            : "unknown",
    schedulable: !isTrueAt(node, "spec.unschedulable"),
    roles: [...new Set(roles)].sort(),
    address: textAt(address, "address", 100) || null,
    cpus: quantity(at(node, "status.allocatable.cpu")),
    memoryBytes: quantity(at(node, "status.allocatable.memory")),
    gpus: gpusOf(at(node, "status.allocatable")),
    version: textAt(node, "status.nodeInfo.kubeletVersion"),
  };
}

function gpusOf(allocatable: unknown): number {
  if (typeof allocatable !== "object" || allocatable === null) return 0;
  return Object.entries(allocatable).reduce(
    (sum, [name, amount]) => (/^(?:nvidia|amd)\.com\//.test(name) ? sum + quantity(amount) : sum),
    0,
  );
}

function summariseVolume(claim: KubeObject): SummaryOf<"core/persistentvolumeclaims"> {
  const bound = quantity(at(claim, "status.capacity.storage"));
  return {
    phase: textAt(claim, "status.phase") || "Pending",
    sizeBytes: bound || quantity(at(claim, "spec.resources.requests.storage")),
    storageClass: textAt(claim, "spec.storageClassName"),
    image: claim.metadata.annotations?.["harvesterhci.io/imageId"] ?? null,
    backing: textAt(claim, "spec.volumeName") || null,
  };
}

const robustnesses = ["healthy", "degraded", "faulted"] as const;

function summariseBacking(volume: KubeObject): SummaryOf<"longhorn.io/volumes"> {
  const robustness = textAt(volume, "status.robustness");
  const namespace = textAt(volume, "status.kubernetesStatus.namespace");
  const claim = textAt(volume, "status.kubernetesStatus.pvcName");
  return {
    robustness: robustnesses.find((one) => one === robustness) ?? "unknown",
    state: textAt(volume, "status.state"),
    replicas: quantity(at(volume, "spec.numberOfReplicas")),
    claim: claim === "" ? null : `${namespace}/${claim}`,
  };
}

function summariseImage(image: KubeObject): SummaryOf<"harvesterhci.io/virtualmachineimages"> {
  const imported = condition(image, "Imported");
  const gaveUp = at(condition(image, "RetryLimitExceeded"), "status") === "True";
  const failed =
    gaveUp || (at(imported, "status") === "False" && textAt(imported, "reason") === "ImportFailed");
  return {
    displayName: textAt(image, "spec.displayName", 500) || image.metadata.name,
    state: at(imported, "status") === "True" ? "ready" : failed ? "failed" : "importing",
    progress: quantity(at(image, "status.progress")),
    sizeBytes: quantity(at(image, "status.size")),
    storageClass: textAt(image, "status.storageClassName"),
  };
}

function summariseNetwork(network: KubeObject): SummaryOf<"k8s.cni.cncf.io/network-attachment-definitions"> {
  const config = readJson(textAt(network, "spec.config", 100_000));
  const vlan = at(config, "vlan");
  const bridge = textAt(config, "bridge");
  const labels = network.metadata.labels ?? {};
  return {
    kind: labels["network.harvesterhci.io/type"] ?? textAt(config, "type"),
    vlan: typeof vlan === "number" ? vlan : null,
    clusterNetwork: labels["network.harvesterhci.io/clusternetwork"] ?? bridge.replace(/-br$/, ""),
  };
}

function summariseBackup(backup: KubeObject): SummaryOf<"harvesterhci.io/virtualmachinebackups"> {
  const error = textAt(backup, "status.error.message", 500);
  const ready = isTrueAt(backup, "status.readyToUse");
  return {
    type: at(backup, "spec.type") === "snapshot" ? "snapshot" : "backup",
    vm: `${backup.metadata.namespace ?? ""}/${textAt(backup, "spec.source.name")}`,
    state: ready ? "ready" : error !== "" ? "failed" : "running",
    progress: ready ? 100 : quantity(at(backup, "status.progress")),
    error: ready || error === "" ? null : error,
  };
}

function summariseRestore(restore: KubeObject): SummaryOf<"harvesterhci.io/virtualmachinerestores"> {
  const namespace = restore.metadata.namespace ?? "";
  const complete = isTrueAt(restore, "status.complete");
  const failed =
    at(condition(restore, "Ready"), "status") === "False" &&
    textAt(condition(restore, "Ready"), "reason") === "Error";
  const from = textAt(restore, "spec.virtualMachineBackupNamespace") || namespace;
  return {
    vm: `${namespace}/${textAt(restore, "spec.target.name")}`,
    backup: `${from}/${textAt(restore, "spec.virtualMachineBackupName")}`,
    state: complete ? "complete" : failed ? "failed" : "running",
    progress: complete ? 100 : quantity(at(restore, "status.progress")),
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
