import { defineOperation } from "../../../../kernel/operation.ts";
import { listAll } from "../../kube/list-all.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { mustFitNetwork, vlanConfigOf } from "../network.rules.ts";
import { readVlanConfig } from "../read-networks.rules.ts";
import { CreateVlanConfig, VlanConfig } from "../schemas.ts";

export const createVlanConfig = defineOperation({
  action: "harvester.vlan_config.create",
  effect: "write",
  scope: "clusters:admin",
  summary: "Put a network on the network cards of hosts; each host carries it once, with one MTU everywhere",
  input: CreateVlanConfig,
  output: doneOf(VlanConfig),
  raises: writeRaises,
  resource: ({ id, name }) => entityOf({ id, name }, "vlan-configs"),
  async run(ctx, asked) {
    const kube = await openWholeCluster(ctx, asked.id);
    const [others, nodes] = await Promise.all([
      listAll(kube, pathOf("network", "vlanconfigs")),
      listAll(kube, pathOf("core", "nodes")),
      kube.get(pathOf("network", "clusternetworks", { name: asked.clusterNetwork })),
    ]);
    mustFitNetwork(asked, others.map(readVlanConfig), nodes);
    const done = await kube.create(pathOf("network", "vlanconfigs"), vlanConfigOf(asked), {
      pointers: {
        "spec.uplink.nics": "/nics",
        "spec.uplink.linkAttributes.mtu": "/mtu",
        "spec.uplink.bondOptions": "/bondMode",
        "spec.nodeSelector": "/nodeSelector",
        metadata: "/name",
      },
    });
    return settle(ctx, entityOf(asked, "vlan-configs"), done, readVlanConfig);
  },
});
