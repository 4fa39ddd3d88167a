import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { attachmentOf, mustHoldGateway } from "../network.rules.ts";
import { readVmNetwork } from "../read-networks.rules.ts";
import { CreateVmNetwork, VmNetwork } from "../schemas.ts";

export const createVmNetwork = defineOperation({
  action: "harvester.vm_network.create",
  effect: "write",
  scope: "clusters:write",
  summary: "Make a network for virtual machines: of one VLAN, untagged, or a trunk of several",
  input: CreateVmNetwork,
  output: doneOf(VmNetwork),
  raises: writeRaises,
  resource: ({ id, namespace, name }) => entityOf({ id, namespace, name }, "vm-networks"),
  async run(ctx, asked) {
    mustHoldGateway(asked);
    const kube = await openNamespace(ctx, asked.id, asked.namespace);
    await kube.get(pathOf("network", "clusternetworks", { name: asked.clusterNetwork }));
    const done = await kube.create(
      pathOf("nad", "network-attachment-definitions", { namespace: asked.namespace }),
      attachmentOf(asked),
      { pointers: { "spec.config": "/network", "metadata.annotations": "/route", metadata: "/name" } },
    );
    return settle(ctx, entityOf(asked, "vm-networks"), done, readVmNetwork);
  },
});
