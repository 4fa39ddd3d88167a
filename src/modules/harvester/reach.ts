import type { Ctx } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";
import { mustReachNamespace, reachableNamespaces } from "../clusters/index.ts";
import { type Kube, kubeOf } from "./kube/kube.ts";

/** The API of a cluster for objects of one namespace; namespaces of others are unknown. */
export async function openNamespace(ctx: Ctx, clusterId: string, namespace: string): Promise<Kube> {
  await mustReachNamespace(ctx, clusterId, namespace);
  return kubeOf(ctx, clusterId);
}

/** The API of a cluster for reading what belongs to all of it: hosts, networks of the cluster, storage classes. */
export async function openCluster(ctx: Ctx, clusterId: string): Promise<Kube> {
  await reachableNamespaces(ctx, clusterId);
  return kubeOf(ctx, clusterId);
}

/** The API of a cluster for what concerns everyone on it: only for callers who reach the whole cluster. */
export async function openWholeCluster(ctx: Ctx, clusterId: string): Promise<Kube> {
  if ((await reachableNamespaces(ctx, clusterId)) !== undefined) {
    throw problem(
      "forbidden",
      "harvester.part_of_cluster",
      "This concerns the whole cluster, and you reach some of its namespaces only. Ask who holds the cluster.",
    );
  }
  return kubeOf(ctx, clusterId);
}
