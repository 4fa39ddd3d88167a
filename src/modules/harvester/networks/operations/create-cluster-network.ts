import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { readClusterNetwork } from "../read-networks.rules.ts";
import { ClusterNetwork, CreateClusterNetwork } from "../schemas.ts";

export const createClusterNetwork = defineOperation({
  action: "harvester.cluster_network.create",
  effect: "write",
  scope: "clusters:admin",
  summary: "Make a physical network; a VLAN configuration puts it on hosts' cards afterwards",
  input: CreateClusterNetwork,
  output: doneOf(ClusterNetwork),
  raises: writeRaises,
  resource: ({ id, name }) => entityOf({ id, name }, "cluster-networks"),
  async run(ctx, { id, name, description, labels }) {
    const kube = await openWholeCluster(ctx, id);
    const object = {
      apiVersion: "network.harvesterhci.io/v1beta1",
      kind: "ClusterNetwork",
      metadata: { name, ...(labels === undefined ? {} : { labels }) },
      ...(description === undefined ? {} : { description }),
    };
    const done = await kube.create(pathOf("network", "clusternetworks"), object, {
      pointers: { "metadata.labels": "/labels", metadata: "/name" },
    });
    return settle(ctx, entityOf({ id, name }, "cluster-networks"), done, readClusterNetwork);
  },
});
