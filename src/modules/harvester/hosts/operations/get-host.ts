import { defineOperation } from "../../../../kernel/operation.ts";
import { readRaises } from "../../raises.ts";
import { openCluster } from "../../reach.ts";
import { entityOf } from "../../settle.ts";
import { ClusterNamedRef } from "../../words.ts";
import { findHostStorage, hostKind, hostPath, reachedInstances } from "../find-host.ts";
import { hostDetailOf } from "../read-host.rules.ts";
import { HostDetail } from "../schemas.ts";

export const getHost = defineOperation({
  action: "harvester.host.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Read a host: its conditions, disks, labels, and the virtual machines on it",
  input: ClusterNamedRef,
  output: HostDetail,
  raises: readRaises,
  resource: (at) => entityOf(at, hostKind),
  async run(ctx, { id, name }) {
    const kube = await openCluster(ctx, id);
    const [node, storage, instances] = await Promise.all([
      kube.get(hostPath(name)),
      findHostStorage(kube, name),
      reachedInstances(ctx, kube, id),
    ]);
    return hostDetailOf(node, { storage, instances });
  },
});
