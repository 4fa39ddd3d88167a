import { defineOperation } from "../../../../kernel/operation.ts";
import { orChanged } from "../../kube/or-changed.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { schedulePath } from "../find-backup.ts";
import { mustBeCron } from "../must-be-cron.ts";
import { readBackupSchedule } from "../read-backups.rules.ts";
import { mustKeepMore, scheduleChange } from "../schedule.rules.ts";
import { BackupSchedule, UpdateBackupSchedule } from "../schemas.ts";

export const updateBackupSchedule = defineOperation({
  action: "harvester.backup_schedule.update",
  effect: "write",
  scope: "clusters:write",
  summary: "Change when a schedule runs and what it keeps, suspend it or let it go on",
  input: UpdateBackupSchedule,
  output: doneOf(BackupSchedule),
  raises: writeRaises,
  resource: (at) => entityOf(at, "backup-schedules"),
  async run(ctx, asked) {
    if (asked.cron !== undefined) mustBeCron(asked.cron);
    mustKeepMore({ retain: asked.retain ?? null, maxFailure: asked.maxFailure ?? null });
    const kube = await openNamespace(ctx, asked.id, asked.namespace);
    const path = schedulePath(asked);
    const edit = kube.patch(path, "merge", scheduleChange(asked), {
      pointers: {
        "spec.cron": "/cron",
        "spec.maxFailure": "/maxFailure",
        "spec.retain": "/retain",
        "spec.suspend": "/suspended",
      },
      queueForMs: asked.queueForMs,
    });
    const { id: _, namespace: __, name: ___, queueForMs: ____, ...yours } = asked;
    const done = await orChanged(edit, { kube, path, read: readBackupSchedule }, yours);
    return settle(ctx, entityOf(asked, "backup-schedules"), done, readBackupSchedule);
  },
});
