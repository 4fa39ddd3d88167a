import type { MaruEvent } from "../../../../contracts/events.ts";
import type { Db } from "../../../db/db.ts";
import type { EventPacket } from "../../../kernel/ports/events.ts";
import type { Ports } from "../../../kernel/ports/ports.ts";
import { mostEvents } from "../accept-events.ts";
import { minuteOf } from "../minute.rules.ts";
import { type SetAsideEvent, setAsideEvents } from "../set-aside-events.ts";
import { addCounts } from "../store.ts";
import type { MinuteRow } from "../tables.ts";
import { loadPacket } from "./load-packet.ts";

interface Host {
  readonly db: Db;
  readonly ports: Pick<Ports, "blobs" | "events">;
  readonly now: Date;
}

/** A packet and its number of the try, from 1. */
export interface ArrivedPacket {
  readonly packet: EventPacket;
  readonly attempt: number;
}

/** Packets of one tenant that go to its rules in one call. */
interface Load {
  readonly tenantId: string;
  readonly places: number[];
  readonly events: MaruEvent[];
}

const tenantsAtOnce = 4;

/**
 * Hands the packets of a batch to the rules: those of one tenant together, one call for up to 500 events, tenants side
 * by side. A packet that comes again goes alone, so that one which can't be taken holds up no other. What the rules left out is listed, what they took is counted.
 * @returns what went wrong, by the place of the packet; the others' events are durable
 */
export async function takePackets(
  host: Host,
  packets: readonly ArrivedPacket[],
): Promise<ReadonlyMap<number, unknown>> {
  const failures = new Map<number, unknown>();
  const tenants = [...Map.groupBy(packets.keys(), (place) => packets[place]?.packet.tenantId ?? "")];
  const takeNext = async (): Promise<void> => {
    for (let next = tenants.shift(); next !== undefined; next = tenants.shift())
      await takeOfTenant(host, packets, next, failures);
  };
  await Promise.all(Array.from({ length: tenantsAtOnce }, takeNext));
  return failures;
}

async function takeOfTenant(
  host: Host,
  packets: readonly ArrivedPacket[],
  [tenantId, places]: readonly [string, readonly number[]],
  failures: Map<number, unknown>,
): Promise<void> {
  let load: Load = { tenantId, places: [], events: [] };
  for (const place of places) {
    const arrived = packets[place];
    if (arrived === undefined) continue;
    try {
      const events = await loadPacket(host.ports.blobs, arrived.packet);
      if (arrived.attempt > 1) {
        await takeLoad(host, { tenantId, places: [place], events: [...events] }, failures);
        continue;
      }
      if (load.events.length > 0 && load.events.length + events.length > mostEvents) {
        await takeLoad(host, load, failures);
        load = { tenantId, places: [], events: [] };
      }
      load.places.push(place);
      load.events.push(...events);
    } catch (error) {
      failures.set(place, error);
    }
  }
  if (load.places.length > 0) await takeLoad(host, load, failures);
}

async function takeLoad(host: Host, load: Load, failures: Map<number, unknown>): Promise<void> {
  try {
    await hand(host, load.tenantId, load.events);
  } catch (error) {
    for (const place of load.places) failures.set(place, error);
  }
}

async function hand({ db, ports, now }: Host, tenantId: string, events: readonly MaruEvent[]): Promise<void> {
  const left = await ports.events.publish(tenantId, events);
  const leftOut = left.flatMap(({ index, reason, detail }): SetAsideEvent[] => {
    const event = events[index];
    return event === undefined ? [] : [{ event, reason, detail }];
  });
  await setAsideEvents(db, ports.blobs, tenantId, leftOut, now);
  const reasons = new Map(left.map(({ index, reason }) => [index, reason]));
  const minute = minuteOf(now);
  const counted = Map.groupBy(events.keys(), (index) =>
    JSON.stringify([events[index]?.sourceid, reasons.get(index) ?? "accepted"]),
  );
  const rows = [...counted].map(([key, places]): MinuteRow => {
    const [sourceId, outcome] = JSON.parse(key) as [string, string];
    return { tenantId, sourceId, minute, outcome, count: places.length };
  });
  for (let i = 0; i < rows.length; i += 40) await db.atomic((q) => addCounts(q, rows.slice(i, i + 40)));
}
