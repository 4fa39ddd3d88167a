import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { NamespacedList } from "../../words.ts";
import { readVmRestore } from "../read-backups.rules.ts";
import { VmRestore } from "../schemas.ts";

export const listVmRestores = defineOperation({
  action: "harvester.vm_restore.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List restores of virtual machines, with how far they have come",
  input: NamespacedList,
  output: pageOf(VmRestore),
  raises: readRaises,
  async run(ctx, input) {
    const page = await listObjects(ctx, input, { group: "harvester", plural: "virtualmachinerestores" });
    return { ...page, items: page.items.map(readVmRestore) };
  },
});
