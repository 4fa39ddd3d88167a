import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import type { InventoryItem } from "../../../../kernel/ports/clusters.ts";
import { mustReachNamespace, reachableNamespaces } from "../../reach.ts";
import { Freshness, freshnessOf, inventoryKinds } from "../inventory-query.ts";
import { TopologyEdge, TopologyNode, topologyOf } from "../topology.rules.ts";

const perPage = 1_000;
const mostItems = 10_000;

export const getTopology = defineOperation({
  action: "clusters.topology.get",
  effect: "read",
  scope: "clusters:read",
  summary:
    "Show how hosts, virtual machines, volumes, images, networks and backups of a cluster hang together",
  input: z.strictObject({ id: z.string(), namespace: z.string().max(63).optional() }),
  output: z
    .strictObject({
      nodes: z.array(TopologyNode),
      edges: z.array(TopologyEdge),
      /** More than 10,000 things: name a namespace to see the rest. */
      truncated: z.boolean(),
      freshness: Freshness,
    })
    .meta({ id: "ClusterTopology" }),
  raises: ["not_found"],
  resource: ({ id }) => `cluster:${id}`,
  async run(ctx, { id, namespace }) {
    const reached = await reachableNamespaces(ctx, id);
    if (namespace !== undefined) await mustReachNamespace(ctx, id, namespace);
    // Hosts and images stand outside the namespaces that their machines are in.
    const within = namespace === undefined ? reached : [namespace, ...(reached === undefined ? [""] : [])];
    const items: InventoryItem[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await ctx.ports.clusters.inventory(ctx.tenantId, id, {
        kinds: Object.values(inventoryKinds),
        ...(within === undefined ? {} : { namespaces: within }),
        ...(after === undefined ? {} : { after }),
        limit: perPage,
      });
      items.push(...page.items);
      after = page.next;
      if (after === undefined || items.length >= mostItems) {
        const { nodes, edges } = topologyOf(items);
        return {
          nodes: [...nodes],
          edges: [...edges],
          truncated: after !== undefined,
          freshness: freshnessOf(page, ctx.now),
        };
      }
    }
  },
});
