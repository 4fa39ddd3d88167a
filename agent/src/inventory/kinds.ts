import type { InventoryKind } from "../../../contracts/relay/summaries.ts";
import type { KubeObject } from "./kube-object.ts";

/** What is watched: what is told, and instances, which are told with their machines. */
export type KindName = InventoryKind | "kubevirt.io/virtualmachineinstances";

/** Where each kind is listed. */
export const kindPaths: Readonly<Record<KindName, string>> = {
  "core/nodes": "/api/v1/nodes",
  "core/namespaces": "/api/v1/namespaces",
  "core/persistentvolumeclaims": "/api/v1/persistentvolumeclaims",
  "kubevirt.io/virtualmachineinstances": "/apis/kubevirt.io/v1/virtualmachineinstances",
  "kubevirt.io/virtualmachines": "/apis/kubevirt.io/v1/virtualmachines",
  "longhorn.io/volumes": "/apis/longhorn.io/v1beta2/volumes",
  "harvesterhci.io/virtualmachineimages": "/apis/harvesterhci.io/v1beta1/virtualmachineimages",
  "k8s.cni.cncf.io/network-attachment-definitions": "/apis/k8s.cni.cncf.io/v1/network-attachment-definitions",
  "harvesterhci.io/virtualmachinebackups": "/apis/harvesterhci.io/v1beta1/virtualmachinebackups",
  "harvesterhci.io/virtualmachinerestores": "/apis/harvesterhci.io/v1beta1/virtualmachinerestores",
};

/** Keys of other objects whose summary changes with this one. */
export function dependents(kind: KindName, object: KubeObject): readonly string[] {
  const { name, namespace = "" } = object.metadata;
  if (kind === "kubevirt.io/virtualmachineinstances")
    return [`kubevirt.io/virtualmachines/${namespace}/${name}`];
  if (kind !== "core/persistentvolumeclaims") return [];
  const owner = ownerOf(object);
  return owner === undefined ? [] : [`kubevirt.io/virtualmachines/${namespace}/${owner}`];
}

// Harvester writes into a claim which machine uses it.
function ownerOf(claim: KubeObject): string | undefined {
  const text = claim.metadata.annotations?.["harvesterhci.io/owned-by"];
  const owner = /"refs":\["[^/"]+\/([^"]+)"/.exec(text ?? "")?.[1];
  return owner ?? claim.metadata.ownerReferences?.find(({ kind }) => kind === "VirtualMachine")?.name;
}
