import { defineOperation } from "../../../../kernel/operation.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { findTarget, targetPath } from "../find-backup.ts";
import { readBackupTarget } from "../read-backups.rules.ts";
import { BackupTarget, RemoveBackupTarget } from "../schemas.ts";

export const removeBackupTarget = defineOperation({
  action: "harvester.backup_target.remove",
  effect: "write",
  scope: "clusters:admin",
  summary: "Let backups go nowhere any more; those at the target stay there and are no longer seen",
  input: RemoveBackupTarget,
  output: doneOf(BackupTarget),
  raises: writeRaises,
  resource: ({ id }) => entityOf({ id }, "settings", "backup-target"),
  async run(ctx, { id }) {
    const kube = await openWholeCluster(ctx, id);
    const before = await findTarget(kube);
    const done = await kube.patch(targetPath, "merge", { value: "" });
    return settle(ctx, entityOf({ id }, "settings", "backup-target"), done, readBackupTarget, before);
  },
});
