import type { MaruEvent } from "../../../contracts/events.ts";

/** An event that the rules did not take: it came too late for a window, or it was there before. */
export interface LeftOut {
  /** Its place among those published. */
  readonly index: number;
  readonly reason: "late" | "duplicate";
  readonly detail: string;
}

/** Events of one tenant that travel together: in the message, or as an object of the blob store where they are too many. */
export type EventPacket =
  | { readonly tenantId: string; readonly events: readonly MaruEvent[] }
  | { readonly tenantId: string; readonly key: string };

/** The way of events into the rules. */
export interface EventsPort {
  /** Puts events on their queue, at most about 100 KB as JSON. Resolves once the queue has taken them. */
  enqueue(packet: EventPacket): Promise<void>;
  /**
   * Hands events of one tenant to its rules, 500 at most. Resolves once an object has committed them. The same (`source`, `id`) may be published again; the engine leaves repeats out.
   * `lines` is each event as JSON, where the caller has it already.
   * @returns what it left out
   */
  publish(
    tenantId: string,
    events: readonly MaruEvent[],
    lines?: readonly string[],
  ): Promise<readonly LeftOut[]>;
}
