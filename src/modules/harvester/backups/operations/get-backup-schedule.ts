import { defineOperation } from "../../../../kernel/operation.ts";
import { readRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { NamedRef } from "../../words.ts";
import { schedulePath } from "../find-backup.ts";
import { readBackupSchedule } from "../read-backups.rules.ts";
import { BackupSchedule } from "../schemas.ts";

export const getBackupSchedule = defineOperation({
  action: "harvester.backup_schedule.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Show a schedule of backups, with what it took and how often it failed",
  input: NamedRef,
  output: BackupSchedule,
  raises: readRaises,
  async run(ctx, at) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    return readBackupSchedule(await kube.get(schedulePath(at)));
  },
});
