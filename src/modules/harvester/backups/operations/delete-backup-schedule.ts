import { defineOperation } from "../../../../kernel/operation.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, NamedRef } from "../../words.ts";
import { schedulePath } from "../find-backup.ts";
import { readBackupSchedule } from "../read-backups.rules.ts";

export const deleteBackupSchedule = defineOperation({
  action: "harvester.backup_schedule.delete",
  effect: "write",
  scope: "clusters:write",
  summary: "Delete a schedule of backups; what it took stays",
  input: NamedRef,
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, "backup-schedules"),
  async run(ctx, at) {
    const kube = await openNamespace(ctx, at.id, at.namespace);
    const path = schedulePath(at);
    const before = readBackupSchedule(await kube.get(path));
    return settleBare(ctx, entityOf(at, "backup-schedules"), await kube.remove(path), { before });
  },
});
