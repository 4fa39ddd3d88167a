import { defineOperation } from "../../../../kernel/operation.ts";
import { readRaises } from "../../raises.ts";
import { openCluster } from "../../reach.ts";
import { ClusterRef } from "../../words.ts";
import { findTarget } from "../find-backup.ts";
import { BackupTarget } from "../schemas.ts";

export const getBackupTarget = defineOperation({
  action: "harvester.backup_target.get",
  effect: "read",
  scope: "clusters:read",
  summary: "Show where backups go, without credentials",
  input: ClusterRef,
  output: BackupTarget,
  raises: readRaises,
  async run(ctx, { id }) {
    return findTarget(await openCluster(ctx, id));
  },
});
