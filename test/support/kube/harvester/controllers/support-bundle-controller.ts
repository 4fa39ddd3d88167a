import { withConditions } from "../machines/conditions.ts";
import { durations } from "../machines/durations.ts";
import { itemsAt, textAt } from "../machines/fields.ts";
import { instantOf, stamp } from "../machines/stamp.ts";
import { kindIn, watched } from "./kinds.ts";
import { editIfChanged, reconciler } from "./reconciler.ts";

/** Collects support bundles, a fifth at a time. */
export const supportBundleController = reconciler({
  name: "supportbundles",
  watches: [watched("supportBundle")],
  reconcile(world, key) {
    const kind = kindIn(world, "supportBundle");
    const bundle = world.store.find(kind, key.namespace, key.name);
    if (bundle === undefined || textAt(bundle, "status", "state") === "ready") return undefined;
    const now = world.clock.now();
    const begun = instantOf(bundle.metadata.creationTimestamp) ?? now;
    const steps = Math.min(5, Math.floor((now - begun) / durations.bundleStep));
    const ready = steps === 5;
    editIfChanged(world.store, kind, key, (stored) => {
      const conditions = withConditions(
        itemsAt(stored, "status", "conditions"),
        [{ type: "Initialized", status: ready ? "True" : "Unknown" }],
        now,
      );
      const file = {
        filename: `supportbundle_${stored.metadata.uid}_${stamp(now)}.zip`,
        filesize: 1_048_576,
      };
      stored["status"] = {
        state: ready ? "ready" : "generating",
        progress: steps * 20,
        conditions,
        ...(ready ? file : {}),
      };
    });
    return ready ? undefined : Math.max(durations.notice, begun + (steps + 1) * durations.bundleStep - now);
  },
});
