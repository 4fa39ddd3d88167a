import type { Controller } from "../words.ts";
import { isPod } from "./deletion.ts";

/** The node's part in the deletion of a pod: it is gone once its grace has passed. */
export const podTermination: Controller = {
  name: "pod-termination",
  start({ store, clock }) {
    store.onChange(({ type, kind, object }) => {
      const { deletionTimestamp, deletionGracePeriodSeconds = 0, namespace, name, uid } = object.metadata;
      if (!isPod(kind) || type === "DELETED" || deletionTimestamp === undefined) return;
      if (deletionGracePeriodSeconds === 0) return;
      clock.after(Date.parse(deletionTimestamp) - clock.now(), () => {
        if (store.find(kind, namespace, name)?.metadata.uid !== uid) return;
        store.delete(kind, namespace, name, { gracePeriodSeconds: 0 });
      });
    });
  },
};
