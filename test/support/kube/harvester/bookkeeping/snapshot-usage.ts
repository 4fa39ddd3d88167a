import { all } from "../admission/look.ts";
import { editIfChanged, reconciler } from "../controllers/reconciler.ts";
import { itemsAt, numberAt, textAt } from "../machines/fields.ts";

const NAME = "default-resource-quota";

/** Adds up what the snapshots of a namespace's machines take, where a quota asks for it. */
export const snapshotUsage = reconciler({
  name: "snapshot-usage",
  watches: [
    { group: "harvesterhci.io", plural: "resourcequotas" },
    {
      group: "harvesterhci.io",
      plural: "virtualmachinebackups",
      concerns: ({ object }) => [{ namespace: object.metadata.namespace, name: NAME }],
    },
  ],
  reconcile(world, key) {
    const kind = world.store.kindOf("harvesterhci.io", "resourcequotas");
    const usage: Record<string, number> = {};
    for (const backup of all(world, "virtualmachinebackups", key.namespace)) {
      const machine = textAt(backup, "spec", "source", "name");
      if (machine === undefined) continue;
      const bytes = itemsAt(backup, "status", "volumeBackups").reduce(
        (sum, volume) => sum + (numberAt(volume, "volumeSize") ?? 0),
        0,
      );
      usage[machine] = (usage[machine] ?? 0) + bytes;
    }
    const total = Object.values(usage).reduce((sum, bytes) => sum + bytes, 0);
    editIfChanged(world.store, kind, key, (quota) => {
      quota["status"] = {
        snapshotLimitStatus: {
          namespaceTotalSnapshotSizeUsage: total,
          vmTotalSnapshotSizeUsage: usage,
        },
      };
    });
    return undefined;
  },
});
