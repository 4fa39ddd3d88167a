import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { readVmBackup } from "../read-backups.rules.ts";
import { ListVmBackups, VmBackup } from "../schemas.ts";

export const listVmBackups = defineOperation({
  action: "harvester.vm_backup.list",
  effect: "read",
  scope: "clusters:read",
  summary:
    "List backups and snapshots of virtual machines; of a type or machine, a page may hold fewer than its limit",
  input: ListVmBackups,
  output: pageOf(VmBackup),
  raises: readRaises,
  async run(ctx, { type, machine, ...query }) {
    const page = await listObjects(ctx, query, { group: "harvester", plural: "virtualmachinebackups" });
    const items = page.items
      .map(readVmBackup)
      .filter((one) => type === undefined || one.type === type)
      .filter((one) => machine === undefined || one.machine === machine);
    return { ...page, items };
  },
});
