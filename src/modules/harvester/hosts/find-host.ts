import type { Ctx } from "../../../kernel/context.ts";
import { reachableNamespaces } from "../../clusters/index.ts";
import type { Kube } from "../kube/kube.ts";
import { listAll } from "../kube/list-all.ts";
import type { KubeObject } from "../kube/object.ts";
import { orHidden } from "../kube/or-hidden.ts";
import { pathOf, stevePath } from "../kube/paths.rules.ts";
import { instancePath } from "../machines/find-machine.ts";

/** What events about hosts are about. */
export const hostKind = "nodes";

export const hostPath = (name: string): string => pathOf("core", "nodes", { name });

/** Longhorn's view of a host: its disks. */
export const findHostStorage = (kube: Kube, name: string): Promise<KubeObject | undefined> =>
  orHidden(kube.get(pathOf("longhorn", "nodes", { namespace: "longhorn-system", name })));

/** What a host uses now; undefined where the cluster does not measure it. */
export const findHostUsage = (kube: Kube, name: string): Promise<KubeObject | undefined> =>
  orHidden(kube.get(`/v1/metrics.k8s.io.nodes/${encodeURIComponent(name)}`));

/** Tells a host to do something by Harvester's own API, which alone knows how. */
export const askHost = (kube: Kube, name: string, action: string, body: unknown = {}) =>
  kube.ask("POST", stevePath("nodes", undefined, name), body, { query: { action } });

/** The instances of every namespace that the actor reaches. */
export async function reachedInstances(ctx: Ctx, kube: Kube, clusterId: string): Promise<KubeObject[]> {
  const namespaces = await reachableNamespaces(ctx, clusterId);
  const paths =
    namespaces === undefined
      ? [pathOf("kubevirt", "virtualmachineinstances")]
      : namespaces.map((namespace) => instancePath({ namespace }));
  return (await Promise.all(paths.map((path) => listAll(kube, path)))).flat();
}
