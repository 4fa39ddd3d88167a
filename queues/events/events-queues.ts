import * as z from "zod";
import type { MaruEvent } from "../../contracts/events.ts";
import type { Session } from "../../src/context.ts";
import type { EventPacket } from "../../src/kernel/ports/events.ts";
import { setAsidePacket, takePackets } from "../../src/modules/sources/index.ts";
import { knowRules } from "../../src/reactions/tell-engine.ts";
import { defineQueue } from "../kit/define-queue.ts";

// The gate made these events; checking each again would cost more than handing them on.
const events = z.custom<readonly MaruEvent[]>(
  (value) => Array.isArray(value) && value.every((item) => typeof item?.id === "string"),
);
const Packet = z.union([
  z.strictObject({ tenantId: z.string().min(1), events }),
  z.strictObject({ tenantId: z.string().min(1), key: z.string().min(1) }),
]);

const setAside = (session: Session, packet: EventPacket, reason: string): Promise<void> =>
  setAsidePacket(session.db, session.ports.blobs, packet, reason, session.now);

export const eventsQueue = defineQueue<EventPacket>({
  name: "maru-events",
  message: Packet,
  retry: { baseMs: 1_000, capMs: 60_000, maxAttempts: 8 },
  async handleAll(session, items) {
    for (const tenantId of new Set(items.map(({ message }) => message.tenantId)))
      await knowRules(session, tenantId);
    return takePackets(
      session,
      items.map(({ message, facts }) => ({ packet: message, attempt: facts.attempt })),
    );
  },
  park: setAside,
});

/** Packets that the platform gave up delivering: listed at their sources, to be replayed. */
export const deadEventsQueue = defineQueue<EventPacket>({
  name: "maru-events-dead",
  message: Packet,
  retry: { baseMs: 5_000, capMs: 300_000, maxAttempts: 50 },
  handle: (session, packet) => setAside(session, packet, "The queue gave up delivering it to the rules."),
});
