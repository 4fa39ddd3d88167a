import type { MaruEvent } from "../../../../contracts/events.ts";
import type { BlobPort } from "../../../kernel/ports/blob.ts";
import type { EventPacket } from "../../../kernel/ports/events.ts";
import { problem } from "../../../kernel/problem.ts";
import { isRequestLine } from "../history/kept-lines.rules.ts";

/**
 * The events of a packet, from its object where it only names one.
 * @throws gone `sources.packet_gone`
 */
export async function loadPacket(blobs: BlobPort, packet: EventPacket): Promise<readonly MaruEvent[]> {
  if ("events" in packet) return packet.events;
  const object = packet.key.startsWith(`${packet.tenantId}/`) ? await blobs.get(packet.key) : null;
  if (object === null) throw problem("gone", "sources.packet_gone", "The events' object is not there.");
  const lines = (await new Response(object.body).text()).split("\n");
  return lines
    .filter((line) => line !== "" && !isRequestLine(line))
    .map((line) => JSON.parse(line) as MaruEvent);
}
