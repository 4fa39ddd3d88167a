import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, ClusterNamedRef } from "../../words.ts";
import { readIpPool } from "../read-balancers.rules.ts";

export const deleteIpPool = defineOperation({
  action: "harvester.ip_pool.delete",
  effect: "write",
  scope: "clusters:admin",
  summary: "Delete a pool that no address is taken from",
  input: ClusterNamedRef,
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, "ip-pools"),
  async run(ctx, at) {
    const kube = await openWholeCluster(ctx, at.id);
    const path = pathOf("balancing", "ippools", { name: at.name });
    const before = readIpPool(await kube.get(path));
    return settleBare(ctx, entityOf(at, "ip-pools"), await kube.remove(path), { before });
  },
});
