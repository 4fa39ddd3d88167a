import { durations } from "../machines/durations.ts";
import { textAt } from "../machines/fields.ts";
import { managerAnnotation, stepCpuManager, stepPower, withPower } from "../machines/host-requests.rules.ts";
import { instantOf, stamp } from "../machines/stamp.ts";
import { kindIn, watched } from "./kinds.ts";
import { editIfChanged, reconciler } from "./reconciler.ts";

const sinceAnnotation = "sim.maru/cpu-manager-since";

/** Switches the CPU manager of hosts on and off. */
export const cpuManagerController = reconciler({
  name: "node-cpu-manager",
  watches: [watched("node")],
  reconcile(world, key) {
    const kind = kindIn(world, "node");
    const node = world.store.find(kind, undefined, key.name);
    const step = node === undefined ? undefined : stepCpuManager(node);
    if (node === undefined || step === undefined) return undefined;
    const now = world.clock.now();
    const due = (instantOf(node.metadata.annotations?.[sinceAnnotation]) ?? 0) + durations.hostRequest;
    if (step.on !== undefined && now < due) return due - now;
    editIfChanged(world.store, kind, key, ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, [managerAnnotation]: step.annotation };
      if (step.on === undefined) metadata.annotations[sinceAnnotation] = stamp(now);
      else {
        delete metadata.annotations[sinceAnnotation];
        metadata.labels = { ...metadata.labels, cpumanager: `${step.on}` };
      }
    });
    return step.againMs;
  },
});

/** Carries out what the boards of hosts are asked for. */
export const powerController = reconciler({
  name: "inventories",
  watches: [watched("inventory")],
  reconcile(world, key) {
    const kind = kindIn(world, "inventory");
    const inventory = world.store.find(kind, key.namespace, key.name);
    const step = inventory === undefined ? undefined : stepPower(inventory);
    if (step === undefined) return undefined;
    editIfChanged(world.store, kind, key, (stored) => {
      stored["spec"] = step.spec;
      stored["status"] = step.status;
    });
    const node = world.store.find(kindIn(world, "node"), undefined, key.name);
    if (textAt(node, "metadata", "name") !== undefined)
      editIfChanged(world.store, kindIn(world, "node"), { namespace: undefined, name: key.name }, (stored) =>
        withPower(stored, step.answers),
      );
    return undefined;
  },
});
