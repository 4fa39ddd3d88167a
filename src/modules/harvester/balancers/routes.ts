import { type Route, route } from "../../../http/route.ts";
import { createIpPool } from "./operations/create-ip-pool.ts";
import { createLoadBalancer } from "./operations/create-load-balancer.ts";
import { deleteIpPool } from "./operations/delete-ip-pool.ts";
import { deleteLoadBalancer } from "./operations/delete-load-balancer.ts";
import { listIpPools } from "./operations/list-ip-pools.ts";
import { listLoadBalancers } from "./operations/list-load-balancers.ts";

const all = "/v1/clusters/{id}";
const within = "/v1/clusters/{id}/namespaces/{namespace}/load-balancers";

export const balancerRoutes: readonly Route[] = [
  route(listLoadBalancers, "GET", `${all}/load-balancers`),
  route(createLoadBalancer, "POST", within, { status: 201 }),
  route(deleteLoadBalancer, "DELETE", `${within}/{name}`),
  route(listIpPools, "GET", `${all}/ip-pools`),
  route(createIpPool, "POST", `${all}/ip-pools`, { status: 201 }),
  route(deleteIpPool, "DELETE", `${all}/ip-pools/{name}`),
];
