import { defineOperation } from "../../../../kernel/operation.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { schedulePath } from "../find-backup.ts";
import { mustBeCron } from "../must-be-cron.ts";
import { readBackupSchedule } from "../read-backups.rules.ts";
import { mustKeepMore, scheduleOf } from "../schedule.rules.ts";
import { BackupSchedule, CreateBackupSchedule } from "../schemas.ts";

export const createBackupSchedule = defineOperation({
  action: "harvester.backup_schedule.create",
  effect: "write",
  scope: "clusters:write",
  summary: "Back up a virtual machine, or take snapshots of it, by a cron line in UTC",
  input: CreateBackupSchedule,
  output: doneOf(BackupSchedule),
  raises: writeRaises,
  resource: ({ id, namespace, name }) => entityOf({ id, namespace, name }, "backup-schedules"),
  async run(ctx, asked) {
    mustBeCron(asked.cron);
    mustKeepMore(asked);
    const kube = await openNamespace(ctx, asked.id, asked.namespace);
    const done = await kube.create(schedulePath({ namespace: asked.namespace }), scheduleOf(asked), {
      pointers: {
        "spec.cron": "/cron",
        "spec.maxFailure": "/maxFailure",
        "spec.retain": "/retain",
        "spec.suspend": "/suspended",
        "spec.vmbackup": "/machine",
        metadata: "/name",
      },
      queueForMs: asked.queueForMs,
    });
    return settle(ctx, entityOf(asked, "backup-schedules"), done, readBackupSchedule);
  },
});
