import { defineOperation } from "../../../../kernel/operation.ts";
import { readSecret } from "../../../secrets/index.ts";
import { orChanged } from "../../kube/or-changed.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settle } from "../../settle.ts";
import { doneOf } from "../../words.ts";
import { targetValueOf } from "../backup.rules.ts";
import { findTarget, targetPath } from "../find-backup.ts";
import { readBackupTarget } from "../read-backups.rules.ts";
import { BackupTarget, SetBackupTarget } from "../schemas.ts";

export const setBackupTarget = defineOperation({
  action: "harvester.backup_target.set",
  effect: "write",
  scope: "clusters:admin",
  summary: "Say where backups go: a bucket, with its key from a secret of this tenant, or a file server",
  input: SetBackupTarget,
  output: doneOf(BackupTarget),
  raises: writeRaises,
  resource: ({ id }) => entityOf({ id }, "settings", "backup-target"),
  async run(ctx, { id, target, resourceVersion }) {
    const kube = await openWholeCluster(ctx, id);
    const secret = target.type === "s3" ? await readSecret(ctx, target.secretName) : undefined;
    const before = await findTarget(kube);
    const edit = kube.patch(
      targetPath,
      "merge",
      {
        ...(resourceVersion === undefined ? {} : { metadata: { resourceVersion } }),
        value: targetValueOf({ target }, secret),
      },
      { pointers: { value: "/target" } },
    );
    const shown = target.type === "nfs" ? target : { ...target, accessKeyId: undefined };
    const done = await orChanged(
      edit,
      { kube, path: targetPath, read: readBackupTarget },
      { resourceVersion, target: shown },
    );
    return settle(ctx, entityOf({ id }, "settings", "backup-target"), done, readBackupTarget, before);
  },
});
