import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { balancerOf } from "../balancer.rules.ts";
import { readLoadBalancer } from "../read-balancers.rules.ts";
import { CreateLoadBalancer, LoadBalancer } from "../schemas.ts";

export const createLoadBalancer = defineOperation({
  action: "harvester.load_balancer.create",
  effect: "write",
  scope: "clusters:write",
  summary: "Put a load balancer before the virtual machines with certain labels",
  input: CreateLoadBalancer,
  output: doneOf(LoadBalancer),
  raises: writeRaises,
  resource: ({ id, namespace, name }) => entityOf({ id, namespace, name }, "load-balancers"),
  async run(ctx, asked) {
    const kube = await openNamespace(ctx, asked.id, asked.namespace);
    const path = pathOf("balancing", "loadbalancers", { namespace: asked.namespace });
    const done = await kube.create(path, balancerOf(asked), {
      pointers: {
        "spec.listeners": "/listeners",
        "spec.backendServerSelector": "/backends",
        "spec.ipPool": "/pool",
        "spec.healthCheck": "/healthCheck",
        metadata: "/name",
      },
    });
    return settle(ctx, entityOf(asked, "load-balancers"), done, readLoadBalancer);
  },
});
