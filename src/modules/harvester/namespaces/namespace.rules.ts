import type * as z from "zod";
import { problem } from "../../../kernel/problem.ts";
import { fieldAt, metaOf, numberAt, textAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import { quantityOf } from "../kube/quantity.rules.ts";
import type { Namespace, Quota, SetQuota } from "./schemas.ts";

const system =
  /^(?:default|local|kube-.*|harvester-.*|cattle-.*|cluster-fleet-.*|fleet-.*|longhorn-system|rancher-vcluster)$/;

/** Whether a namespace is one that the cluster itself lives in. */
export const isSystemNamespace = (name: string): boolean => system.test(name);

export function readNamespace(namespace: KubeObject): Namespace {
  const going =
    namespace.metadata.deletionTimestamp !== undefined ||
    textAt(namespace, "status", "phase") === "Terminating";
  return {
    ...metaOf(namespace),
    state: going ? "deleting" : "active",
    system: isSystemNamespace(namespace.metadata.name),
    description: textAt(namespace, "metadata", "annotations", "field.cattle.io/description"),
  };
}

export function namespaceOf({
  name,
  description,
  labels,
}: {
  readonly name: string;
  readonly description?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}): Record<string, unknown> {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name,
      ...(labels === undefined ? {} : { labels }),
      ...(description === undefined ? {} : { annotations: { "field.cattle.io/description": description } }),
    },
  };
}

/** @throws conflict `harvester.system_namespace`; invalid_input `harvester.not_confirmed` */
export function mustBeDeletable(name: string, confirm: string): void {
  if (isSystemNamespace(name)) {
    throw problem(
      "conflict",
      "harvester.system_namespace",
      `The cluster itself lives in ${name}; it is not deleted here.`,
    );
  }
  if (confirm === name) return;
  throw problem(
    "invalid_input",
    "harvester.not_confirmed",
    `Everything in ${name} goes with it. Say its name in "confirm".`,
    { errors: [{ pointer: "/query/confirm", code: "not_confirmed", message: `Must be "${name}".` }] },
  );
}

/** The name of the quota that is set here; others of a namespace are left alone and count too. */
export const quotaName = "maru-quota";

/** The quota as Kubernetes enforces it; undefined when it limits nothing there. */
export function hardQuotaOf(asked: z.output<typeof SetQuota>): Record<string, unknown> | undefined {
  const hard = {
    ...(asked.cpu === undefined ? {} : { "limits.cpu": asked.cpu }),
    ...(asked.memory === undefined ? {} : { "limits.memory": asked.memory }),
    ...(asked.storage === undefined ? {} : { "requests.storage": asked.storage }),
  };
  if (Object.keys(hard).length === 0) return undefined;
  return {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: quotaName, namespace: asked.namespace },
    spec: { hard },
  };
}

/** The limits of a namespace: the tightest of all its quotas, and Harvester's for snapshots. */
export function readQuota(quotas: readonly KubeObject[], snapshots: KubeObject | undefined): Quota {
  const limitOf = (name: string) => {
    const limits = quotas.flatMap((one) => {
      const limit = quantityOf(fieldAt(one, "spec", "hard", name));
      return limit === null ? [] : [{ limit, used: quantityOf(fieldAt(one, "status", "used", name)) }];
    });
    return limits.sort((a, b) => a.limit - b.limit)[0] ?? { limit: null, used: null };
  };
  return {
    cpu: limitOf("limits.cpu"),
    memoryBytes: limitOf("limits.memory"),
    storageBytes: limitOf("requests.storage"),
    snapshotBytes: {
      limit: numberAt(snapshots, "spec", "snapshotLimit", "namespaceTotalSnapshotSizeQuota") || null,
      used: numberAt(snapshots, "status", "snapshotLimitStatus", "namespaceTotalSnapshotSizeUsage"),
    },
  };
}
