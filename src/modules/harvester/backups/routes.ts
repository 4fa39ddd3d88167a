import { type Route, route } from "../../../http/route.ts";
import { createBackupSchedule } from "./operations/create-backup-schedule.ts";
import { createVmBackup } from "./operations/create-vm-backup.ts";
import { deleteBackupSchedule } from "./operations/delete-backup-schedule.ts";
import { deleteVmBackup } from "./operations/delete-vm-backup.ts";
import { getBackupSchedule } from "./operations/get-backup-schedule.ts";
import { getBackupTarget } from "./operations/get-backup-target.ts";
import { getVmBackup } from "./operations/get-vm-backup.ts";
import { getVmRestore } from "./operations/get-vm-restore.ts";
import { listBackupSchedules } from "./operations/list-backup-schedules.ts";
import { listVmBackups } from "./operations/list-vm-backups.ts";
import { listVmRestores } from "./operations/list-vm-restores.ts";
import { removeBackupTarget } from "./operations/remove-backup-target.ts";
import { restoreVmBackup } from "./operations/restore-vm-backup.ts";
import { setBackupTarget } from "./operations/set-backup-target.ts";
import { testBackupTarget } from "./operations/test-backup-target.ts";
import { updateBackupSchedule } from "./operations/update-backup-schedule.ts";

const all = "/v1/clusters/{id}";
const within = "/v1/clusters/{id}/namespaces/{namespace}";

export const backupRoutes: readonly Route[] = [
  route(listVmBackups, "GET", `${all}/vm-backups`),
  route(createVmBackup, "POST", `${within}/vm-backups`, { status: 201 }),
  route(getVmBackup, "GET", `${within}/vm-backups/{name}`),
  route(deleteVmBackup, "DELETE", `${within}/vm-backups/{name}`),
  route(restoreVmBackup, "POST", `${within}/vm-backups/{name}:restore`, { status: 201 }),
  route(listVmRestores, "GET", `${all}/vm-restores`),
  route(getVmRestore, "GET", `${within}/vm-restores/{name}`),
  route(listBackupSchedules, "GET", `${all}/backup-schedules`),
  route(createBackupSchedule, "POST", `${within}/backup-schedules`, { status: 201 }),
  route(getBackupSchedule, "GET", `${within}/backup-schedules/{name}`),
  route(updateBackupSchedule, "PATCH", `${within}/backup-schedules/{name}`),
  route(deleteBackupSchedule, "DELETE", `${within}/backup-schedules/{name}`),
  route(getBackupTarget, "GET", `${all}/backup-target`),
  route(setBackupTarget, "PUT", `${all}/backup-target`),
  route(removeBackupTarget, "DELETE", `${all}/backup-target`),
  route(testBackupTarget, "GET", `${all}/backup-target/health`),
];
