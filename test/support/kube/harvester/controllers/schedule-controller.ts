import type { KubeObject, World } from "../../words.ts";
import { fieldsAt } from "../machines/fields.ts";
import { stepSchedule } from "../machines/schedule.rules.ts";
import { kindIn, watched } from "./kinds.ts";
import { make, ownedBy } from "./make.ts";
import { editIfChanged, type Key, reconciler } from "./reconciler.ts";

const uidLabel = "harvesterhci.io/svmbackupUID";

function madeBy(world: World, schedule: KubeObject): KubeObject[] {
  return world.store
    .list(kindIn(world, "backup"), schedule.metadata.namespace)
    .filter((one) => one.metadata.labels?.[uidLabel] === schedule.metadata.uid)
    .sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1));
}

function makeBackup(world: World, key: Key, schedule: KubeObject, name: string): void {
  if (world.store.find(kindIn(world, "backup"), key.namespace, name) !== undefined) return;
  make(
    world,
    "backup",
    {
      name,
      namespace: key.namespace,
      labels: { [uidLabel]: schedule.metadata.uid },
      annotations: { "harvesterhci.io/svmbackupId": `${key.namespace}/${key.name}` },
      ownerReferences: [ownedBy(schedule)],
    },
    { spec: { type: "backup", ...fieldsAt(schedule, "spec", "vmbackup") } },
  );
}

/** Makes backups when their time has come, and keeps as many as asked. */
export const scheduleController = reconciler({
  name: "schedulevmbackups",
  watches: [
    watched("schedule"),
    {
      ...watched("backup"),
      concerns: ({ object }, world) =>
        world.store
          .list(kindIn(world, "schedule"), object.metadata.namespace)
          .filter((one) => one.metadata.uid === object.metadata.labels?.[uidLabel])
          .map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name })),
    },
  ],
  reconcile(world, key) {
    const kind = kindIn(world, "schedule");
    const schedule = world.store.find(kind, key.namespace, key.name);
    if (schedule === undefined || schedule.metadata.deletionTimestamp !== undefined) return undefined;
    const step = stepSchedule({ schedule, backups: madeBy(world, schedule), now: world.clock.now() });
    if (step.make !== undefined) makeBackup(world, key, schedule, step.make);
    for (const name of step.remove) world.store.delete(kindIn(world, "backup"), key.namespace, name);
    editIfChanged(world.store, kind, key, (stored) => {
      stored["status"] = step.status;
      if (step.suspend === true) stored["spec"] = { ...fieldsAt(stored, "spec"), suspend: true };
    });
    return step.againMs;
  },
});
