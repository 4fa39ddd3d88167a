import type { KubeObject, World } from "../../words.ts";
import { withCondition, withoutCondition } from "../machines/conditions.ts";
import { fieldsAt, itemsAt } from "../machines/fields.ts";
import { phaseOf, volumeStatusOf } from "../machines/instance-status.rules.ts";
import { liveUpdateOf } from "../machines/live-update.rules.ts";
import { kindIn } from "./kinds.ts";
import { make } from "./make.ts";
import { editIfChanged, keyOf } from "./reconciler.ts";

const restart = {
  type: "RestartRequired",
  status: "True",
  reason: "RestartRequired",
  message: "a non-live-updatable field was changed in the template spec",
} as const;

/** Brings changes of a machine's template to its running instance, or says that they wait for a restart. */
export function liveUpdate(world: World, machine: KubeObject, instance: KubeObject): void {
  if (phaseOf(instance) !== "Running") return;
  const update = liveUpdateOf(machine, instance);
  const key = keyOf(machine);
  editIfChanged(world.store, kindIn(world, "instance"), key, (stored) => {
    stored["spec"] = update.spec;
    stored["status"] = { ...fieldsAt(stored, "status"), volumeStatus: volumeStatusOf(stored) };
  });
  editIfChanged(world.store, kindIn(world, "virtualMachine"), key, (stored) => {
    const list = itemsAt(stored, "status", "conditions");
    const conditions = update.restartRequired
      ? withCondition(list, restart, world.clock.now())
      : withoutCondition(list, restart.type);
    stored["status"] = { ...fieldsAt(stored, "status"), conditions };
  });
  if (update.migrate)
    make(
      world,
      "migration",
      {
        generateName: "kubevirt-workload-update-",
        namespace: machine.metadata.namespace,
        annotations: { "kubevirt.io/workloadUpdateMigration": "" },
      },
      { spec: { vmiName: machine.metadata.name } },
    );
}
