import { defineOperation } from "../../../../kernel/operation.ts";
import { listAll } from "../../kube/list-all.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { mustBeFree, poolOf } from "../balancer.rules.ts";
import { readIpPool } from "../read-balancers.rules.ts";
import { CreateIpPool, IpPool } from "../schemas.ts";

export const createIpPool = defineOperation({
  action: "harvester.ip_pool.create",
  effect: "write",
  scope: "clusters:admin",
  summary: "Make a pool of addresses for load balancers; pools share no address",
  input: CreateIpPool,
  output: doneOf(IpPool),
  raises: writeRaises,
  resource: ({ id, name }) => entityOf({ id, name }, "ip-pools"),
  async run(ctx, asked) {
    const kube = await openWholeCluster(ctx, asked.id);
    const path = pathOf("balancing", "ippools");
    mustBeFree(
      asked.ranges,
      (await listAll(kube, path)).map((pool) => readIpPool(pool)),
    );
    const done = await kube.create(path, poolOf(asked), {
      pointers: { "spec.ranges": "/ranges", "spec.selector": "/namespaces", metadata: "/name" },
    });
    return settle(ctx, entityOf(asked, "ip-pools"), done, (pool) => readIpPool(pool));
  },
});
