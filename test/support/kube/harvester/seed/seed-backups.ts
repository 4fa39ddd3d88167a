import type { World } from "../../words.ts";
import { backupTarget, claimsOfMachine } from "../controllers/backup-controller.ts";
import { kindIn } from "../controllers/kinds.ts";
import { make } from "../controllers/make.ts";
import { stepBackup } from "../machines/backup.rules.ts";

const source = (name: string) => ({ apiGroup: "kubevirt.io", kind: "VirtualMachine", name });

/** A backup of last night that is ready to be restored, and a schedule that makes one every night. */
export function seedBackups(world: World): void {
  const namespace = "default";
  const machine = world.store.get(kindIn(world, "virtualMachine"), namespace, "web-01");
  make(
    world,
    "backup",
    { namespace, name: "web-01-last-night" },
    { spec: { type: "backup", source: source("web-01") } },
  );
  const facts = { machine, claims: claimsOfMachine(world, machine), target: backupTarget(world) };
  const lastNight = world.clock.now() - 7 * 3_600_000;
  for (const now of [lastNight, lastNight + 60_000]) {
    const backup = world.store.get(kindIn(world, "backup"), namespace, "web-01-last-night");
    const { status } = stepBackup({ ...facts, backup, now });
    world.store.edit(kindIn(world, "backup"), namespace, "web-01-last-night", (stored) => {
      stored["status"] = status;
    });
  }
  make(
    world,
    "schedule",
    { namespace, name: "db-01-nightly" },
    {
      spec: {
        cron: "0 2 * * *",
        retain: 8,
        maxFailure: 4,
        suspend: false,
        vmbackup: { source: source("db-01"), type: "backup" },
      },
    },
  );
}
