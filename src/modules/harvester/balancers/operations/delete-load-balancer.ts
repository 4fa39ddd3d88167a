import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, NamedRef } from "../../words.ts";
import { readLoadBalancer } from "../read-balancers.rules.ts";

export const deleteLoadBalancer = defineOperation({
  action: "harvester.load_balancer.delete",
  effect: "write",
  scope: "clusters:write",
  summary: "Delete a load balancer; its address is given back",
  input: NamedRef,
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, "load-balancers"),
  async run(ctx, at) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const path = pathOf("balancing", "loadbalancers", at);
    const before = readLoadBalancer(await kube.get(path));
    return settleBare(ctx, entityOf(at, "load-balancers"), await kube.remove(path), { before });
  },
});
