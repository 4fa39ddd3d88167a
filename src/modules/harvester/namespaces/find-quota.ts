import type { Kube } from "../kube/kube.ts";
import { listAll } from "../kube/list-all.ts";
import { pathOf } from "../kube/paths.rules.ts";
import { readQuota } from "./namespace.rules.ts";
import type { Quota } from "./schemas.ts";

/** Harvester keeps the quota of snapshots under this name in each namespace. */
const snapshotQuotaPath = (namespace: string): string =>
  pathOf("harvester", "resourcequotas", { namespace, name: "default-resource-quota" });

/** What a namespace is limited to, and what it uses of that. */
export async function findQuota(kube: Kube, namespace: string): Promise<Quota> {
  const [quotas, snapshots] = await Promise.all([
    listAll(kube, pathOf("core", "resourcequotas", { namespace })),
    kube.find(snapshotQuotaPath(namespace)),
  ]);
  return readQuota(quotas, snapshots);
}
