import { stepAddon } from "../machines/addon.rules.ts";
import { kindIn, watched } from "./kinds.ts";
import { editIfChanged, reconciler } from "./reconciler.ts";

/** Deploys add-ons and takes them away. */
export const addonController = reconciler({
  name: "addons",
  watches: [watched("addon")],
  reconcile(world, key) {
    const kind = kindIn(world, "addon");
    const addon = world.store.find(kind, key.namespace, key.name);
    if (addon === undefined) return undefined;
    const { status, againMs } = stepAddon(addon, world.clock.now());
    if (status !== undefined)
      editIfChanged(world.store, kind, key, (stored) => {
        stored["status"] = status;
      });
    return againMs;
  },
});
