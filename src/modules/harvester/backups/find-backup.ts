import type { Kube } from "../kube/kube.ts";
import { pathOf } from "../kube/paths.rules.ts";
import { readBackupTarget, readVmBackup } from "./read-backups.rules.ts";
import type { BackupTarget, VmBackup } from "./schemas.ts";

export const backupPath = ({ namespace, name }: { namespace: string; name?: string }): string =>
  pathOf("harvester", "virtualmachinebackups", { namespace, name });
export const schedulePath = ({ namespace, name }: { namespace: string; name?: string }): string =>
  pathOf("harvester", "schedulevmbackups", { namespace, name });
export const targetPath = pathOf("harvester", "settings", { name: "backup-target" });

/** @throws not_found `harvester.unknown` */
export async function mustFindBackup(kube: Kube, at: { namespace: string; name: string }): Promise<VmBackup> {
  return readVmBackup(await kube.get(backupPath(at)));
}

export async function findTarget(kube: Kube): Promise<BackupTarget> {
  return readBackupTarget(await kube.get(targetPath));
}
