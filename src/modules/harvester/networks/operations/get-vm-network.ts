import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { readRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { NamedRef } from "../../words.ts";
import { readVmNetwork } from "../read-networks.rules.ts";
import { VmNetwork } from "../schemas.ts";

export const getVmNetwork = defineOperation({
  action: "harvester.vm_network.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Show a network that virtual machines can be on",
  input: NamedRef,
  output: VmNetwork,
  raises: readRaises,
  async run(ctx, { id, namespace, name }) {
    const kube = await openNamespace(ctx, id, namespace);
    return readVmNetwork(
      await kube.get(pathOf("nad", "network-attachment-definitions", { namespace, name })),
    );
  },
});
