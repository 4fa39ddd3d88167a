import type { KubeObject, World } from "../words.ts";

const RBAC = "rbac.authorization.k8s.io";
const READ = ["get", "list", "watch"];
const WRITE = ["create", "delete", "deletecollection", "patch", "update"];
const EVERYDAY = [
  { apiGroups: ["", "apps", "batch", "networking.k8s.io", "policy"], resources: ["*"] },
] as const;

const CLUSTER_ROLES: Readonly<Record<string, readonly object[]>> = {
  "cluster-admin": [
    { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
    { nonResourceURLs: ["*"], verbs: ["*"] },
  ],
  admin: [
    ...EVERYDAY.map((rule) => ({ ...rule, verbs: [...READ, ...WRITE] })),
    { apiGroups: [RBAC], resources: ["roles", "rolebindings"], verbs: [...READ, ...WRITE] },
  ],
  edit: EVERYDAY.map((rule) => ({ ...rule, verbs: [...READ, ...WRITE] })),
  view: [
    {
      apiGroups: [""],
      resources: [
        "configmaps",
        "endpoints",
        "events",
        "persistentvolumeclaims",
        "pods",
        "pods/log",
        "services",
      ],
      verbs: READ,
    },
    { apiGroups: ["apps", "batch", "networking.k8s.io", "policy"], resources: ["*"], verbs: READ },
  ],
};

/** What every cluster has before anybody adds to it. */
export function seedCore({ store }: World): void {
  const namespaces = store.kindOf("", "namespaces");
  for (const name of ["default", "kube-node-lease", "kube-public", "kube-system"]) {
    store.create(namespaces, named(name));
  }
  const roles = store.kindOf(RBAC, "clusterroles");
  for (const [name, rules] of Object.entries(CLUSTER_ROLES)) store.create(roles, { ...named(name), rules });
  store.create(store.kindOf(RBAC, "clusterrolebindings"), {
    ...named("cluster-admin"),
    roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ apiGroup: RBAC, kind: "Group", name: "system:masters" }],
  });
}

function named(name: string): Partial<KubeObject> {
  return { metadata: { name, uid: "", resourceVersion: "", creationTimestamp: "" } };
}
