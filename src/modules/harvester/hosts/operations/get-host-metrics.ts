import { defineOperation } from "../../../../kernel/operation.ts";
import { readRaises } from "../../raises.ts";
import { openCluster } from "../../reach.ts";
import { entityOf } from "../../settle.ts";
import { ClusterNamedRef } from "../../words.ts";
import { findHostStorage, findHostUsage, hostKind, hostPath } from "../find-host.ts";
import { hostMetricsOf } from "../read-host.rules.ts";
import { HostMetrics } from "../schemas.ts";

export const getHostMetrics = defineOperation({
  action: "harvester.host_metrics.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Say what a host uses now of its processors, memory and storage",
  input: ClusterNamedRef,
  output: HostMetrics,
  raises: readRaises,
  resource: (at) => entityOf(at, hostKind),
  async run(ctx, { id, name }) {
    const kube = await openCluster(ctx, id);
    const [node, usage, storage] = await Promise.all([
      kube.get(hostPath(name)),
      findHostUsage(kube, name),
      findHostStorage(kube, name),
    ]);
    return hostMetricsOf(node, usage, storage);
  },
});
