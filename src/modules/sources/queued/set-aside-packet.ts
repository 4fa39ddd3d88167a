import type { Db } from "../../../db/db.ts";
import type { BlobPort } from "../../../kernel/ports/blob.ts";
import type { EventPacket } from "../../../kernel/ports/events.ts";
import { minuteOf } from "../minute.rules.ts";
import { setAsideEvents } from "../set-aside-events.ts";
import { addCounts } from "../store.ts";
import { loadPacket } from "./load-packet.ts";

/**
 * Lists the events of a packet that the rules can't be given, with the reason, for a replay by hand.
 * @throws gone `sources.packet_gone`
 */
export async function setAsidePacket(
  db: Db,
  blobs: BlobPort,
  packet: EventPacket,
  detail: string,
  now: Date,
): Promise<void> {
  const { tenantId } = packet;
  const events = await loadPacket(blobs, packet);
  const items = events.map((event) => ({ event, reason: "undeliverable" as const, detail }));
  await setAsideEvents(db, blobs, tenantId, items, now);
  const rows = [...Map.groupBy(events, ({ sourceid }) => sourceid)].map(([sourceId, some]) => ({
    tenantId,
    sourceId,
    minute: minuteOf(now),
    outcome: "undeliverable",
    count: some.length,
  }));
  await db.atomic((q) => addCounts(q, rows));
}
