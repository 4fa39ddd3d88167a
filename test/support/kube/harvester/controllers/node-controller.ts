import type { World } from "../../words.ts";
import { withConditions } from "../machines/conditions.ts";
import { fieldsAt, itemsAt } from "../machines/fields.ts";
import { stepNode, withUnreachable } from "../machines/node.rules.ts";
import { emit } from "./emit.ts";
import { kindIn, watched } from "./kinds.ts";
import { editIfChanged, type Key, reconciler } from "./reconciler.ts";

function tell(world: World, key: Key, ready: boolean): void {
  const node = world.store.get(kindIn(world, "node"), undefined, key.name);
  const reason = ready ? "NodeReady" : "NodeNotReady";
  emit(
    world,
    node,
    { type: "Normal", reason, message: `Node ${key.name} status is now: ${reason}` },
    "node-controller",
  );
}

/** Lets nodes fall silent and come back, when they are told to. */
export const nodeController = reconciler({
  name: "nodes",
  watches: [watched("node")],
  reconcile(world, key) {
    const kind = kindIn(world, "node");
    const node = world.store.find(kind, undefined, key.name);
    if (node === undefined) return undefined;
    const step = stepNode(node);
    editIfChanged(world.store, kind, key, (stored) => {
      const conditions = withConditions(
        itemsAt(stored, "status", "conditions"),
        step.conditions,
        world.clock.now(),
      );
      if (step.becameReady)
        for (const one of conditions) if (one["status"] === "Unknown") one["status"] = "False";
      stored["status"] = { ...fieldsAt(stored, "status"), conditions };
      const taints = withUnreachable(stored, step.taint);
      const { taints: _before, ...spec } = fieldsAt(stored, "spec");
      stored["spec"] = taints.length === 0 ? spec : { ...spec, taints };
    });
    if (step.becameSilent) tell(world, key, false);
    if (step.becameReady) tell(world, key, true);
    return undefined;
  },
});
