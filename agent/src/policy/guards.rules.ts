import type { Guard, PolicyRule } from "./policy.ts";

const all = ["*"];
const writes = ["create", "update", "patch", "delete", "deletecollection"];

/** Settings that change who may enter the cluster, where it gets its software, or whether it can be reached at all. */
const riskySettings = [
  "additional-ca",
  "auto-disk-provision-paths",
  "auto-rotate-rke2-certs",
  "cluster-pod-security-standard",
  "cluster-registration-url",
  "containerd-registry",
  "http-proxy",
  "kubeconfig-default-token-ttl-minutes",
  "longhorn-v2-data-engine-enabled",
  "ntp-servers",
  "rancher-*",
  "release-download-url",
  "rwx-network",
  "server-version",
  "ssl-certificates",
  "ssl-parameters",
  "storage-network",
  // It runs with the rights of the cluster's administrator.
  "support-bundle-image",
  "traefik-default-tls-options",
  "ui-*",
  "upgrade-checker-url",
  "vip-pools",
  "vm-migration-network",
];

const systemNamespaces = ["kube-*", "cattle-*", "fleet-*", "harvester-system", "longhorn-system", "local"];

const ownedGroups = [
  "",
  "apps",
  "batch",
  "kubevirt.io",
  "subresources.kubevirt.io",
  "k8s.cni.cncf.io",
  "snapshot.storage.k8s.io",
];

function forbid(resource: Pick<PolicyRule, "apiGroups" | "resources"> & Partial<PolicyRule>): PolicyRule {
  return { verbs: all, ...resource };
}

/** What each guard refuses. */
export const guardRules: Readonly<Record<Guard, readonly PolicyRule[]>> = {
  secrets: [
    forbid({
      apiGroups: all,
      resources: ["secrets"],
      subresources: all,
      verbs: ["get", "list", "watch", "deletecollection"],
    }),
    forbid({ apiGroups: all, resources: ["secrets"], verbs: ["get", "list", "watch", "deletecollection"] }),
  ],
  exec: [forbid({ apiGroups: all, resources: ["pods"], subresources: ["exec", "ephemeralcontainers"] })],
  attach: [forbid({ apiGroups: all, resources: ["pods"], subresources: ["attach"] })],
  portforward: [
    forbid({ apiGroups: all, resources: all, subresources: ["portforward", "usbredir", "vsock", "sev/*"] }),
  ],
  "node-proxy": [forbid({ apiGroups: all, resources: ["nodes"], subresources: ["proxy"] })],
  "pod-proxy": [forbid({ apiGroups: all, resources: ["pods"], subresources: ["proxy"] })],
  rbac: [
    forbid({ apiGroups: ["rbac.authorization.k8s.io"], resources: all }),
    forbid({ apiGroups: ["management.cattle.io", "auth.cattle.io"], resources: all, verbs: writes }),
  ],
  tokens: [
    forbid({ apiGroups: all, resources: ["serviceaccounts"], subresources: ["token"] }),
    forbid({
      apiGroups: ["management.cattle.io", "ext.cattle.io"],
      resources: ["tokens", "kubeconfigs", "users"],
    }),
    // The token stands in the commands and addresses beside it as well.
    forbid({ apiGroups: all, resources: ["clusterregistrationtokens"] }),
    forbid({ apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews", "tokenrequests"] }),
    forbid({ apiGroups: ["certificates.k8s.io"], resources: all, subresources: all, verbs: writes }),
    forbid({ apiGroups: ["certificates.k8s.io"], resources: all, verbs: writes }),
  ],
  webhooks: [
    forbid({
      apiGroups: ["admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io"],
      resources: all,
      verbs: writes,
    }),
  ],
  "risky-settings": [
    forbid({ apiGroups: ["harvesterhci.io"], resources: ["settings"], names: riskySettings, verbs: writes }),
    forbid({ apiGroups: ["harvesterhci.io"], resources: ["settings"], verbs: ["deletecollection"] }),
  ],
  "private-keys": [
    forbid({ apiGroups: ["harvesterhci.io"], resources: ["keypairs"], subresources: ["keygen"] }),
  ],
  "system-namespaces": [
    forbid({ apiGroups: ownedGroups, resources: all, namespaces: systemNamespaces, verbs: writes }),
    // Among them the export of a volume, whose copy anyone may read.
    forbid({
      apiGroups: ownedGroups,
      resources: all,
      subresources: all,
      namespaces: systemNamespaces,
      verbs: writes,
    }),
  ],
};
