import type { Controller } from "../words.ts";

const KEPT_MS = 60 * 60 * 1000;

/** Kubernetes keeps an Event for an hour after it was last told. */
export const eventExpiry: Controller = {
  name: "event-expiry",
  start({ store, clock }) {
    const events = store.kindOf("", "events");
    const expire = (namespace: string | undefined, name: string, revision: string) => {
      clock.after(KEPT_MS, () => {
        if (store.find(events, namespace, name)?.metadata.resourceVersion === revision) {
          store.delete(events, namespace, name);
        }
      });
    };
    for (const { metadata } of store.list(events)) {
      expire(metadata.namespace, metadata.name, metadata.resourceVersion);
    }
    store.onChange(({ type, kind, object }) => {
      if (kind.group !== "" || kind.plural !== "events" || type === "DELETED") return;
      const { namespace, name, resourceVersion } = object.metadata;
      expire(namespace, name, resourceVersion);
    });
  },
};
