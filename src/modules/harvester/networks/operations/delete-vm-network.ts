import { defineOperation } from "../../../../kernel/operation.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, NamedRef } from "../../words.ts";
import { mustBeUnused } from "../must-be-unused.ts";
import { readVmNetwork } from "../read-networks.rules.ts";

export const deleteVmNetwork = defineOperation({
  action: "harvester.vm_network.delete",
  effect: "write",
  scope: "clusters:write",
  summary: "Delete a network that no virtual machine is on",
  input: NamedRef,
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, "vm-networks"),
  async run(ctx, at) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const path = pathOf("nad", "network-attachment-definitions", at);
    const before = readVmNetwork(await kube.get(path));
    await mustBeUnused(kube, at);
    return settleBare(ctx, entityOf(at, "vm-networks"), await kube.remove(path), { before });
  },
});
