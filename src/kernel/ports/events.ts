import type { MaruEvent } from "../../../contracts/events.ts";

/** An event that the rules did not take: it came too late for a window, or it was there before. */
export interface LeftOut {
  /** Its place among those published. */
  readonly index: number;
  readonly reason: "late" | "duplicate";
  readonly detail: string;
}

/** The way of events into the rules. */
export interface EventsPort {
  /**
   * Hands on the events of one tenant, 500 at most. Resolves only once they are durable: a queue has taken them or an
   * object has committed them. The same (`source`, `id`) may be published again; the engine leaves repeats out.
   * @returns what it left out
   */
  publish(tenantId: string, events: readonly MaruEvent[]): Promise<readonly LeftOut[]>;
}
