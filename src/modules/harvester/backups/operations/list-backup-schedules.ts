import { defineOperation } from "../../../../kernel/operation.ts";
import { pageOf } from "../../../../kernel/page.ts";
import { listObjects } from "../../kube/list-objects.ts";
import { readRaises } from "../../raises.ts";
import { NamespacedList } from "../../words.ts";
import { readBackupSchedule } from "../read-backups.rules.ts";
import { BackupSchedule } from "../schemas.ts";

export const listBackupSchedules = defineOperation({
  action: "harvester.backup_schedule.list",
  effect: "read",
  scope: "clusters:read",
  summary: "List the schedules by which virtual machines are backed up",
  input: NamespacedList,
  output: pageOf(BackupSchedule),
  raises: readRaises,
  async run(ctx, input) {
    const page = await listObjects(ctx, input, { group: "harvester", plural: "schedulevmbackups" });
    return { ...page, items: page.items.map(readBackupSchedule) };
  },
});
