import type { MaruEvent } from "../../../contracts/events.ts";
import type { Db } from "../../db/db.ts";
import { sha256Hex } from "../../kernel/hash.ts";
import type { BlobPort } from "../../kernel/ports/blob.ts";
import { intakeKey } from "./history/intake-key.rules.ts";
import { mayList } from "./may-list.ts";
import { insertSetAside } from "./store.ts";
import type { SetAsideRow } from "./tables.ts";

/** An event that the rules did not take, and why. */
export interface SetAsideEvent {
  readonly event: MaruEvent;
  readonly reason: "late" | "duplicate" | "undeliverable";
  readonly detail: string;
}

// A unit of work stays well below what D1 takes in one batch.
const rowsPerUnit = 40;

/**
 * Lists events of one tenant that the rules did not take and keeps them for a replay; of a flood of them only the first.
 * Ids and keys are hashes of the events, so repeating it lists them once.
 */
export async function setAsideEvents(
  db: Db,
  blobs: BlobPort,
  tenantId: string,
  items: readonly SetAsideEvent[],
  now: Date,
): Promise<void> {
  const bySource = Map.groupBy(items, ({ event }) => event.sourceid);
  for (const [sourceId, some] of bySource) {
    for (let i = 0; i < some.length; i += rowsPerUnit) {
      const unit = some.slice(i, i + rowsPerUnit);
      if (!mayList(sourceId, now, unit.length)) break;
      await setAsideSome(db, blobs, tenantId, sourceId, unit, now);
    }
  }
}

async function setAsideSome(
  db: Db,
  blobs: BlobPort,
  tenantId: string,
  sourceId: string,
  items: readonly SetAsideEvent[],
  now: Date,
): Promise<void> {
  const text = JSON.stringify(items.map(({ event }) => event));
  const hash = await sha256Hex(text);
  const at = items[0]?.event.ingesttime ?? now.getTime();
  const key = intakeKey(tenantId, "ingest", { at, sourceId }, `aside_${hash.slice(0, 32)}.json`);
  await blobs.put(key, text, "application/json");
  const rows: SetAsideRow[] = await Promise.all(
    items.map(async ({ event, reason, detail }, place) => ({
      id: `aside_${(await sha256Hex(`${tenantId}\n${sourceId}\n${reason}\n${event.source}\n${event.id}\n${event.ingesttime}`)).slice(0, 26)}`,
      tenantId,
      sourceId,
      reason,
      at: now,
      eventId: event.id,
      eventType: event.type,
      detail,
      errors: [],
      blobKey: `${key}#${place}`,
      bytes: JSON.stringify(event).length,
      replayedAt: null,
    })),
  );
  await db.atomic((q) => insertSetAside(q, rows));
}
