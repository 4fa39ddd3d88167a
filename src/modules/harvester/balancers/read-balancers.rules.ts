import {
  conditionsOf,
  fieldAt,
  listAt,
  metaOf,
  numberAt,
  textAt,
  textMapAt,
  textsAt,
} from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import type { IpPool, LoadBalancer } from "./schemas.ts";

export function readLoadBalancer(balancer: KubeObject): LoadBalancer {
  const ready = conditionsOf(balancer).find(({ type }) => type === "Ready");
  const backends = fieldAt(balancer, "spec", "backendServerSelector");
  const keys = typeof backends === "object" && backends !== null ? Object.keys(backends) : [];
  return {
    namespace: balancer.metadata.namespace ?? "",
    ...metaOf(balancer),
    description: textAt(balancer, "spec", "description"),
    ipam: textAt(balancer, "spec", "ipam"),
    pool: textAt(balancer, "spec", "ipPool"),
    address: textAt(balancer, "status", "address"),
    ready: ready === undefined ? null : ready.status === "True",
    message: ready?.message ?? null,
    listeners: listAt(balancer, "spec", "listeners").map((one) => ({
      name: textAt(one, "name") ?? "",
      port: numberAt(one, "port") ?? 0,
      protocol: textAt(one, "protocol") ?? "TCP",
      backendPort: numberAt(one, "backendPort") ?? 0,
    })),
    backends: Object.fromEntries(keys.map((key) => [key, textsAt(backends, key)])),
    servers: textsAt(balancer, "status", "backendServers"),
  };
}

/** A pool; of its namespaces and of who has its addresses, only what the caller reaches is told. */
export function readIpPool(pool: KubeObject, reached?: readonly string[]): IpPool {
  const isSeen = (namespace: string) => reached === undefined || reached.includes(namespace);
  const allocated = Object.entries(textMapAt(pool, "status", "allocated"));
  return {
    ...metaOf(pool),
    description: textAt(pool, "spec", "description"),
    ranges: listAt(pool, "spec", "ranges").map((one) => ({
      subnet: textAt(one, "subnet"),
      from: textAt(one, "rangeStart"),
      to: textAt(one, "rangeEnd"),
      gateway: textAt(one, "gateway"),
    })),
    namespaces: listAt(pool, "spec", "selector", "scope")
      .flatMap((one) => textAt(one, "namespace") ?? [])
      .filter((namespace) => namespace === "*" || isSeen(namespace)),
    network: textAt(pool, "spec", "selector", "network"),
    total: numberAt(pool, "status", "total"),
    available: numberAt(pool, "status", "available"),
    allocated: Object.fromEntries(allocated.filter(([, user]) => isSeen(user.split("/")[0] ?? ""))),
  };
}
