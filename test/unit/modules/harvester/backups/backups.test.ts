import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { targetValueOf } from "../../../../../src/modules/harvester/backups/backup.rules.ts";
import { createBackupSchedule } from "../../../../../src/modules/harvester/backups/operations/create-backup-schedule.ts";
import { createVmBackup } from "../../../../../src/modules/harvester/backups/operations/create-vm-backup.ts";
import { deleteBackupSchedule } from "../../../../../src/modules/harvester/backups/operations/delete-backup-schedule.ts";
import { deleteVmBackup } from "../../../../../src/modules/harvester/backups/operations/delete-vm-backup.ts";
import { getBackupSchedule } from "../../../../../src/modules/harvester/backups/operations/get-backup-schedule.ts";
import { getBackupTarget } from "../../../../../src/modules/harvester/backups/operations/get-backup-target.ts";
import { getVmBackup } from "../../../../../src/modules/harvester/backups/operations/get-vm-backup.ts";
import { getVmRestore } from "../../../../../src/modules/harvester/backups/operations/get-vm-restore.ts";
import { listBackupSchedules } from "../../../../../src/modules/harvester/backups/operations/list-backup-schedules.ts";
import { listVmBackups } from "../../../../../src/modules/harvester/backups/operations/list-vm-backups.ts";
import { listVmRestores } from "../../../../../src/modules/harvester/backups/operations/list-vm-restores.ts";
import { removeBackupTarget } from "../../../../../src/modules/harvester/backups/operations/remove-backup-target.ts";
import { restoreVmBackup } from "../../../../../src/modules/harvester/backups/operations/restore-vm-backup.ts";
import { setBackupTarget } from "../../../../../src/modules/harvester/backups/operations/set-backup-target.ts";
import { testBackupTarget } from "../../../../../src/modules/harvester/backups/operations/test-backup-target.ts";
import { updateBackupSchedule } from "../../../../../src/modules/harvester/backups/operations/update-backup-schedule.ts";
import { readBackupTarget } from "../../../../../src/modules/harvester/backups/read-backups.rules.ts";
import { getMachine } from "../../../../../src/modules/harvester/machines/operations/get-machine.ts";
import { type Stage, stageCluster } from "../../../../support/harvester/stage-cluster.ts";
import { isPublished } from "../../../../support/kube/harvester/index/harvester-api.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await stageCluster();
});
afterAll(() => stage.stop());

const at = (name: string) => ({ namespace: "default", name });
const minutes = (count: number) => stage.advance(count * 60_000);

describe("backups and snapshots of virtual machines", () => {
  it("are taken, followed as jobs, and told apart", async () => {
    const backup = await stage.call(createVmBackup, { ...at("b1"), machine: "web-01", freezeSeconds: 30 });
    expect(backup).toMatchObject({ object: { type: "backup", state: "running" }, jobId: expect.any(String) });
    await stage.call(createVmBackup, { ...at("s1"), machine: "web-01", type: "snapshot" });
    expect(
      (await stage.refused(restoreVmBackup, { ...at("b1"), into: { kind: "new", machine: "w" } })).code,
    ).toBe("harvester.wrong_state");
    await minutes(1);
    expect(await stage.call(getVmBackup, at("b1"))).toMatchObject({
      state: "ready",
      progress: 100,
      volumes: [{ volume: "web-01-disk-0", ready: true }],
    });
    const { items } = await stage.call(listVmBackups, { type: "snapshot", machine: "web-01" });
    expect(items.map(({ name }) => name)).toEqual(["s1"]);
  });

  it("share their names, and need a machine", async () => {
    expect(
      await stage.refused(createVmBackup, { ...at("b1"), machine: "web-01", type: "snapshot" }),
    ).toMatchObject({
      code: "harvester.name_taken",
      errors: [{ pointer: "/name" }],
    });
    expect((await stage.refused(createVmBackup, { ...at("b2"), machine: "nope" })).code).toBe(
      "harvester.unknown",
    );
  });

  it("are restored into a new machine", async () => {
    const { object } = await stage.call(restoreVmBackup, {
      ...at("b1"),
      into: { kind: "new", machine: "web-02" },
    });
    expect(object).toMatchObject({ machine: "web-02", newMachine: true, backup: "default/b1" });
    await minutes(2);
    expect(await stage.call(getVmRestore, at(object?.name ?? ""))).toMatchObject({ state: "complete" });
    expect((await stage.call(getMachine, at("web-02"))).name).toBe("web-02");
    const { items } = await stage.call(listVmRestores, {});
    expect(items).toHaveLength(1);
  });

  it("are restored over a stopped machine whose name confirms it", async () => {
    const into = { kind: "replace", confirm: "web-01" };
    expect(await stage.refused(restoreVmBackup, { ...at("b1"), into })).toMatchObject({
      code: "harvester.wrong_state",
      data: { state: "Running" },
    });
    const unsure = await stage.refused(restoreVmBackup, { ...at("b1"), into: { ...into, confirm: "web" } });
    expect(unsure.errors).toMatchObject([{ pointer: "/into/confirm" }]);
    await stage.call(createVmBackup, { ...at("build"), machine: "build-01" });
    await minutes(1);
    const done = await stage.call(restoreVmBackup, {
      ...at("build"),
      into: { kind: "replace", confirm: "build-01", oldVolumes: "retain" },
    });
    expect(done.object).toMatchObject({ newMachine: false, machine: "build-01" });
    await minutes(2);
  });

  it("of the kind snapshot stay in their namespace and keep their volumes", async () => {
    const away = { kind: "new", machine: "w", namespace: "ml-team" };
    expect((await stage.refused(restoreVmBackup, { ...at("s1"), into: away })).errors).toMatchObject([
      { pointer: "/into/namespace" },
    ]);
    const taken = { kind: "new", machine: "db-01" };
    expect((await stage.refused(restoreVmBackup, { ...at("s1"), into: taken })).code).toBe(
      "harvester.name_taken",
    );
    await stage.call(deleteVmBackup, at("s1"));
    await minutes(1);
    expect((await stage.refused(getVmBackup, at("s1"))).code).toBe("harvester.unknown");
  });

  it("are taken by schedules", async () => {
    const draft = { ...at("nightly"), machine: "web-01", cron: "30 3 * * *", retain: 5, maxFailure: 3 };
    expect((await stage.call(createBackupSchedule, draft)).object).toMatchObject({ cron: "30 3 * * *" });
    const wrong = { ...draft, ...at("x"), machine: "build-01" };
    for (const [change, pointer] of [
      [{ cron: "*/5 * * * *" }, "/cron"],
      [{ cron: "99 * * * *" }, "/cron"],
      [{ cron: "0 0 3 * * *" }, "/cron"],
      [{ retain: 3, maxFailure: 3 }, "/maxFailure"],
    ] as const) {
      const refused = await stage.refused(createBackupSchedule, { ...wrong, ...change });
      expect(refused).toMatchObject({ code: "harvester.schedule_invalid", errors: [{ pointer }] });
    }
    const { resourceVersion } = await stage.call(getBackupSchedule, at("nightly"));
    const changed = await stage.call(updateBackupSchedule, {
      ...at("nightly"),
      resourceVersion,
      suspended: true,
    });
    expect(changed.object).toMatchObject({ suspended: true, retain: 5 });
    expect(
      await stage.refused(updateBackupSchedule, { ...at("nightly"), resourceVersion, retain: 9 }),
    ).toMatchObject({
      code: "harvester.changed",
      data: { yours: { resourceVersion, retain: 9 }, current: { suspended: true } },
    });
    expect((await stage.call(listBackupSchedules, {})).items).toHaveLength(2);
    await stage.call(deleteBackupSchedule, at("nightly"));
  });
});

describe("the backup target", () => {
  it("is set, looked at and taken away", async () => {
    expect(await stage.call(testBackupTarget, {})).toEqual({ healthy: true, message: null });
    await stage.call(setBackupTarget, { target: { type: "nfs", endpoint: "nfs://10.0.0.9:/backups" } });
    const { resourceVersion, ...target } = await stage.call(getBackupTarget, {});
    expect(target).toMatchObject({ configured: true, type: "nfs", endpoint: "nfs://10.0.0.9:/backups" });
    const away = { type: "nfs", endpoint: "nfs://host.invalid:/backups" };
    expect(await stage.refused(setBackupTarget, { target: away, resourceVersion })).toMatchObject({
      code: "harvester.refused",
      errors: [{ pointer: "/target" }],
    });
    await stage.call(removeBackupTarget, { confirm: "backup-target" });
    expect(await stage.call(testBackupTarget, {})).toMatchObject({
      healthy: false,
      message: expect.stringContaining("not set"),
    });
    expect((await stage.refused(createVmBackup, { ...at("b9"), machine: "web-01" })).code).toBe(
      "harvester.no_backup_target",
    );
  });

  it("never shows its credentials", () => {
    const target = {
      type: "s3",
      endpoint: "",
      bucket: "backups",
      region: "eu-central-1",
      accessKeyId: "AKIA",
      secretName: "s3-key",
      virtualHostedStyle: false,
      refreshSeconds: undefined,
    } as const;
    const value = targetValueOf({ target }, "hunter2");
    expect(JSON.parse(value)).toMatchObject({ secretAccessKey: "hunter2", bucketName: "backups" });
    const shown = readBackupTarget({ metadata: { name: "backup-target" }, value });
    expect(shown).toMatchObject({ type: "s3", bucket: "backups", region: "eu-central-1" });
    expect(JSON.stringify(shown)).not.toMatch(/hunter2|AKIA/);
  });

  it("asks the cluster only what is published", () => {
    for (const { method, path } of stage.calls)
      expect([method, path, isPublished(method, path)]).toEqual([method, path, true]);
  });
});
