import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { NamespacedList } from "../../words.ts";
import { readVmNetwork } from "../read-networks.rules.ts";
import { VmNetwork } from "../schemas.ts";

export const listVmNetworks = defineOperation({
  action: "harvester.vm_network.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List the networks that virtual machines can be on",
  input: NamespacedList,
  output: pageOf(VmNetwork),
  raises: readRaises,
  async run(ctx, input) {
    const page = await listObjects(ctx, input, { group: "nad", plural: "network-attachment-definitions" });
    return { ...page, items: page.items.map(readVmNetwork) };
  },
});
