import type { Json } from "./json.ts";

const OPEN = { type: "object", "x-kubernetes-preserve-unknown-fields": true } as const;
const TEXT = { type: "string" } as const;
const AMOUNTS = { type: "object", additionalProperties: { "x-kubernetes-int-or-string": true } } as const;

function open(properties: Json, required: readonly string[] = []): Json {
  return { ...OPEN, properties, ...(required.length > 0 ? { required } : {}) };
}

const listOf = (items: Json, minItems = 0): Json => ({
  type: "array",
  items,
  ...(minItems ? { minItems } : {}),
});

const container = open({ name: TEXT, image: TEXT, resources: open({ limits: AMOUNTS, requests: AMOUNTS }) }, [
  "name",
]);
const podSpec = open({ containers: listOf(container, 1) }, ["containers"]);
const subject = open({ kind: { type: "string", enum: ["User", "Group", "ServiceAccount"] }, name: TEXT }, [
  "kind",
  "name",
]);
const roleRef = open({ kind: { type: "string", enum: ["Role", "ClusterRole"] }, name: TEXT }, [
  "kind",
  "name",
]);
const rule = open({ verbs: listOf(TEXT, 1), apiGroups: listOf(TEXT), resources: listOf(TEXT) }, ["verbs"]);
const binding = open({ subjects: listOf(subject), roleRef }, ["roleRef"]);
const workload = open(
  { spec: open({ replicas: { type: "integer", minimum: 0 } }, ["selector", "template"]) },
  ["spec"],
);

/** The fields of Kubernetes' own kinds that clients get wrong: what must be there and of which type. */
export const CORE_SCHEMAS: Readonly<Record<string, Json>> = {
  "/pods": open({ spec: podSpec }, ["spec"]),
  "/secrets": open({
    data: { type: "object", additionalProperties: { type: "string", format: "byte" } },
    type: TEXT,
  }),
  "/configmaps": open({ data: { type: "object", additionalProperties: TEXT } }),
  "/persistentvolumeclaims": open(
    {
      spec: open(
        {
          accessModes: listOf(
            { type: "string", enum: ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"] },
            1,
          ),
          volumeMode: { type: "string", enum: ["Filesystem", "Block"] },
          resources: open(
            { requests: open({ storage: { "x-kubernetes-int-or-string": true } }, ["storage"]) },
            ["requests"],
          ),
        },
        ["accessModes", "resources"],
      ),
    },
    ["spec"],
  ),
  "/resourcequotas": open({ spec: open({ hard: AMOUNTS }) }),
  "/events": open({ involvedObject: OPEN }, ["involvedObject"]),
  "batch/jobs": open({ spec: open({ template: open({ spec: podSpec }, ["spec"]) }, ["template"]) }, ["spec"]),
  "apps/deployments": workload,
  "apps/statefulsets": workload,
  "apps/replicasets": workload,
  "rbac.authorization.k8s.io/roles": open({ rules: listOf(rule) }),
  "rbac.authorization.k8s.io/clusterroles": open({ rules: listOf(rule) }),
  "rbac.authorization.k8s.io/rolebindings": binding,
  "rbac.authorization.k8s.io/clusterrolebindings": binding,
  "storage.k8s.io/storageclasses": open({ provisioner: TEXT }, ["provisioner"]),
};
