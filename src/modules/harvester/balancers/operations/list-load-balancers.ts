import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { NamespacedList } from "../../words.ts";
import { readLoadBalancer } from "../read-balancers.rules.ts";
import { LoadBalancer } from "../schemas.ts";

export const listLoadBalancers = defineOperation({
  action: "harvester.load_balancer.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List the load balancers before virtual machines",
  input: NamespacedList,
  output: pageOf(LoadBalancer),
  raises: readRaises,
  async run(ctx, input) {
    const page = await listObjects(ctx, input, { group: "balancing", plural: "loadbalancers" });
    return { ...page, items: page.items.map(readLoadBalancer) };
  },
});
