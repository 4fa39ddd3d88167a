import type { MaruEvent } from "../../../contracts/events.ts";

/** The way of events into the rules. */
export interface EventsPort {
  /**
   * Hands on the events of one tenant, 500 at most. Resolves only once they are durable: a queue has taken them or an
   * object has committed them. The same (`source`, `id`) may be published again; the engine drops repeats.
   */
  publish(tenantId: string, events: readonly MaruEvent[]): Promise<void>;
}
