import type { Ctx } from "../../../kernel/context.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { reachableNamespaces } from "../../clusters/index.ts";
import { findHostUsage } from "../hosts/find-host.ts";
import { type Kube, kubeOf } from "../kube/kube.ts";
import { listAll } from "../kube/list-all.ts";
import type { KubeObject } from "../kube/object.ts";
import { orHidden } from "../kube/or-hidden.ts";
import { type Group, pathOf } from "../kube/paths.rules.ts";
import { readRaises } from "../raises.ts";
import { ClusterRef } from "../words.ts";
import { claimNamespaceOf, type DashboardParts, dashboardOf } from "./dashboard.rules.ts";
import { Dashboard } from "./schemas.ts";

const storageNamespace = "longhorn-system";
/** How many hosts are asked for what they use. */
const mostMeasured = 64;

async function look(ctx: Ctx, kube: Kube, id: string): Promise<DashboardParts> {
  const reached = await reachableNamespaces(ctx, id);
  const listReached = async (
    group: Group,
    plural: string,
    query: Readonly<Record<string, string>> = {},
  ): Promise<KubeObject[]> => {
    const places = reached === undefined ? [{}] : reached.map((namespace) => ({ namespace }));
    return (await Promise.all(places.map((at) => listAll(kube, pathOf(group, plural, at), query)))).flat();
  };
  const [nodes, storage, machines, instances, volumes, images, events] = await Promise.all([
    listAll(kube, pathOf("core", "nodes")),
    orHidden(listAll(kube, pathOf("longhorn", "nodes", { namespace: storageNamespace }))),
    listReached("kubevirt", "virtualmachines"),
    listReached("kubevirt", "virtualmachineinstances"),
    orHidden(listAll(kube, pathOf("longhorn", "volumes", { namespace: storageNamespace }))),
    listReached("harvester", "virtualmachineimages"),
    listReached("core", "events", { fieldSelector: "type=Warning" }),
  ]);
  const usages = await Promise.all(
    nodes.slice(0, mostMeasured).map(({ metadata }) => findHostUsage(kube, metadata.name)),
  );
  const own = (volume: KubeObject) =>
    reached === undefined || reached.includes(claimNamespaceOf(volume) ?? "");
  return { nodes, usages, storage, machines, instances, volumes: volumes?.filter(own), images, events };
}

export const getDashboard = defineOperation({
  action: "harvester.dashboard.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Sum a cluster up: hosts, capacity and use, virtual machines, volumes, images, recent warnings",
  input: ClusterRef,
  output: Dashboard,
  raises: readRaises,
  resource: ({ id }) => `cluster:${id}`,
  run: async (ctx, { id }) => dashboardOf(await look(ctx, kubeOf(ctx, id), id)),
});
