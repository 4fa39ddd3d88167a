import type { Kube } from "../kube/kube.ts";
import { pathOf, stevePath } from "../kube/paths.rules.ts";
import { findQuota } from "./find-quota.ts";
import { quotaName } from "./namespace.rules.ts";

const pointers = {
  "spec.hard[limits.cpu]": "/cpu",
  "spec.hard[limits.memory]": "/memory",
  "spec.hard[requests.storage]": "/storage",
};

/** Puts the quota of what virtual machines and volumes take, or takes it away; the command's id, if there was one. */
export async function changeHardQuota(
  kube: Kube,
  namespace: string,
  quota: Record<string, unknown> | undefined,
): Promise<string | undefined> {
  const path = pathOf("core", "resourcequotas", { namespace, name: quotaName });
  const current = await kube.find(path);
  if (quota === undefined) return current === undefined ? undefined : (await kube.remove(path)).commandId;
  if (current === undefined) {
    return (await kube.create(pathOf("core", "resourcequotas", { namespace }), quota, { pointers }))
      .commandId;
  }
  return (
    await kube.patch(path, "json", [{ op: "replace", path: "/spec", value: quota["spec"] }], { pointers })
  ).commandId;
}

/** Puts the quota of snapshots, or takes it away. */
export async function changeSnapshotQuota(
  kube: Kube,
  namespace: string,
  size: string | undefined,
): Promise<string | undefined> {
  if (size === undefined && (await findQuota(kube, namespace)).snapshotBytes.limit === null) return undefined;
  const action = size === undefined ? "deleteResourceQuota" : "updateResourceQuota";
  const done = await kube.ask(
    "POST",
    stevePath("namespaces", undefined, namespace),
    size === undefined ? {} : { totalSnapshotSizeQuota: size },
    { query: { action }, pointers: { totalSnapshotSizeQuota: "/snapshots" } },
  );
  return done.commandId;
}
