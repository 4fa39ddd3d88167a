import type { Kind } from "../../words.ts";
import * as schemas from "../schemas/networks.ts";
import { columns, inGroup } from "./custom-kind.ts";

const network = inGroup("network.harvesterhci.io", "v1beta1");
const balancing = inGroup("loadbalancer.harvesterhci.io", "v1beta1");

export const networkKinds: readonly Kind[] = [
  network("ClusterNetwork", "clusternetworks", schemas.clusterNetwork, {
    cluster: true,
    shortNames: ["cn", "cns"],
  }),
  network("VlanConfig", "vlanconfigs", schemas.vlanConfig, {
    cluster: true,
    shortNames: ["vc", "vcs"],
    columns: columns("CLUSTERNETWORK:spec.clusterNetwork"),
  }),
  network("VlanStatus", "vlanstatuses", schemas.vlanStatus, {
    cluster: true,
    shortNames: ["vs", "vss"],
    columns: columns("CLUSTERNETWORK:status.clusterNetwork", "NODE:status.node"),
  }),
  network("LinkMonitor", "linkmonitors", schemas.linkMonitor, { cluster: true, shortNames: ["lm", "lms"] }),
  network("HostNetworkConfig", "hostnetworkconfigs", schemas.hostNetworkConfig, {
    cluster: true,
    shortNames: ["hnc", "hncs"],
    subresources: ["status"],
  }),
  inGroup("k8s.cni.cncf.io", "v1")(
    "NetworkAttachmentDefinition",
    "network-attachment-definitions",
    schemas.attachment,
    { singular: "network-attachment-definition", shortNames: ["net-attach-def"] },
  ),
  balancing("LoadBalancer", "loadbalancers", schemas.loadBalancer, { shortNames: ["lb", "lbs"] }),
  balancing("IPPool", "ippools", schemas.ipPool, { cluster: true, shortNames: ["ippool", "ippools"] }),
];
