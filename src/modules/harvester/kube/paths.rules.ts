/** The groups and versions that Harvester 1.4 to 1.8 serve. */
export const groups = {
  core: "/api/v1",
  kubevirt: "/apis/kubevirt.io/v1",
  kubevirtSub: "/apis/subresources.kubevirt.io/v1",
  harvester: "/apis/harvesterhci.io/v1beta1",
  network: "/apis/network.harvesterhci.io/v1beta1",
  balancing: "/apis/loadbalancer.harvesterhci.io/v1beta1",
  nad: "/apis/k8s.cni.cncf.io/v1",
  snapshot: "/apis/snapshot.storage.k8s.io/v1",
  storage: "/apis/storage.k8s.io/v1",
  longhorn: "/apis/longhorn.io/v1beta2",
  logging: "/apis/logging.banzaicloud.io/v1beta1",
  monitoring: "/apis/monitoring.coreos.com/v1alpha1",
  metrics: "/apis/metrics.k8s.io/v1beta1",
} as const;
export type Group = keyof typeof groups;

/** `/apis/group/version/namespaces/ns/plural/name/sub…`; each part is encoded. */
export function pathOf(
  group: Group,
  plural: string,
  at: {
    readonly namespace?: string | undefined;
    readonly name?: string | undefined;
    readonly sub?: readonly string[];
  } = {},
): string {
  const parts = [
    ...(at.namespace === undefined ? [] : ["namespaces", at.namespace]),
    plural,
    ...(at.name === undefined ? [] : [at.name]),
    ...(at.sub ?? []),
  ];
  return `${groups[group]}/${parts.map(encodeURIComponent).join("/")}`;
}

/** A path of the Steve dialect, which the actions of hosts, images and volumes need. */
export function stevePath(type: string, namespace: string | undefined, name: string | undefined): string {
  const parts = [
    type,
    ...(namespace === undefined ? [] : [namespace]),
    ...(name === undefined ? [] : [name]),
  ];
  return `/v1/harvester/${parts.map(encodeURIComponent).join("/")}`;
}
