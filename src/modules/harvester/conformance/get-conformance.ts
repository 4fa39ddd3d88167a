import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import type { Kube } from "../kube/kube.ts";
import { listAll } from "../kube/list-all.ts";
import { orHidden } from "../kube/or-hidden.ts";
import { groups, pathOf } from "../kube/paths.rules.ts";
import { readRaises } from "../raises.ts";
import { openCluster } from "../reach.ts";
import { ClusterField } from "../words.ts";
import { conformanceOf } from "./conformance.rules.ts";
import { clusterFactsOf, hostFactsOf, type Seen } from "./read-facts.rules.ts";

const Status = z.enum(["pass", "warn", "fail", "unknown"]);
const Requirement = z
  .strictObject({
    requirement: z.string(),
    status: Status,
    found: z.string().nullable(),
    required: z.string(),
    todo: z.string().nullable(),
  })
  .meta({ id: "ConformanceRequirement" });
const Report = z
  .strictObject({
    profile: z.enum(["test", "production"]),
    status: Status,
    hosts: z.array(
      z.strictObject({
        name: z.string(),
        role: z.string(),
        status: Status,
        requirements: z.array(Requirement),
      }),
    ),
    cluster: z.array(Requirement),
  })
  .meta({ id: "ConformanceReport" });

const speedQuery =
  'max by (node, instance) (node_network_speed_bytes{device!~"lo|veth.*|cali.*|flannel.*|cni.*|.*-br.*"})';

async function look(kube: Kube): Promise<Seen> {
  const prometheus = `${groups.core}/namespaces/cattle-monitoring-system/services/http:rancher-monitoring-prometheus:9090/proxy/api/v1/query`;
  const [nodes, storage, links, networks, vip, speeds] = await Promise.all([
    listAll(kube, pathOf("core", "nodes")),
    orHidden(listAll(kube, pathOf("longhorn", "nodes", { namespace: "longhorn-system" }))),
    orHidden(listAll(kube, pathOf("network", "vlanstatuses"))),
    orHidden(listAll(kube, pathOf("nad", "network-attachment-definitions"))),
    orHidden(kube.get(pathOf("core", "configmaps", { namespace: "harvester-system", name: "vip" }))),
    orHidden(kube.ask("GET", prometheus, undefined, { query: { query: speedQuery } })).catch(() => undefined),
  ]);
  return { nodes, storage, links, networks, vip, speeds: speeds?.object };
}

export const getConformance = defineOperation({
  action: "harvester.conformance.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Hold the hosts of a cluster against what Harvester requires, for a trial or for production",
  input: z.strictObject({ ...ClusterField, profile: z.enum(["test", "production"]).default("production") }),
  output: Report,
  raises: readRaises,
  resource: ({ id }) => `cluster:${id}`,
  async run(ctx, { id, profile }) {
    const seen = await look(await openCluster(ctx, id));
    const hosts = seen.nodes.map((node) => hostFactsOf(node, seen));
    const { hosts: checked, cluster, ...report } = conformanceOf(profile, hosts, clusterFactsOf(seen));
    return {
      ...report,
      hosts: checked.map(({ requirements, ...host }) => ({ ...host, requirements: [...requirements] })),
      cluster: [...cluster],
    };
  },
});
