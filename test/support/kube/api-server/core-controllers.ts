import type { Controller } from "../words.ts";
import { eventExpiry } from "./event-expiry.ts";
import { GarbageCollector } from "./garbage-collector.ts";
import type { MemoryStore } from "./memory-store.ts";
import { namespaceController } from "./namespace-controller.ts";
import { podTermination } from "./pod-termination.ts";
import { quotaController } from "./quota-controller.ts";

/** What keeps a Kubernetes cluster itself in order. */
export function coreControllers(store: MemoryStore): readonly Controller[] {
  return [
    new GarbageCollector(store),
    namespaceController(store),
    podTermination,
    quotaController,
    eventExpiry,
  ];
}
