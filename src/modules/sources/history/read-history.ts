import type { MaruEvent } from "../../../../contracts/events.ts";
import { splitLines } from "../../../kernel/blob-lines.ts";
import type { BlobPort } from "../../../kernel/ports/blob.ts";
import { intakePrefixes, readIntakeKey } from "./intake-key.rules.ts";
import { isRequestLine } from "./kept-lines.rules.ts";

export interface HistoryRange {
  /** Milliseconds since 1970 UTC of arrival (`ingesttime`), inclusive. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** Absent means every source. */
  readonly sourceIds?: readonly string[];
  /** What polls came to, instead of what sources let in. */
  readonly polls?: boolean;
}

/** Objects opened before they are needed, so that a reader doesn't wait for each. */
const ahead = 4;

/**
 * The events of a tenant as they were let in, in order of arrival; those of one request share an `ingesttime`. Data that
 * travelled by reference is put back. A repeat that the sender sent twice is there twice; what a source's retention has
 * swept is not.
 */
export async function* readHistory(
  blobs: BlobPort,
  tenantId: string,
  range: HistoryRange,
): AsyncGenerator<MaruEvent, void> {
  const waiting: Promise<ReadableStream<Uint8Array> | undefined>[] = [];
  try {
    for await (const key of keysOf(blobs, tenantId, range)) {
      const opened = blobs.get(key).then((object) => object?.body);
      // Awaited in its turn; without this a failure before that would be unhandled.
      opened.catch(() => {});
      waiting.push(opened);
      if (waiting.length > ahead) yield* eventsOf(blobs, tenantId, await waiting.shift());
    }
    while (waiting.length > 0) yield* eventsOf(blobs, tenantId, await waiting.shift());
  } finally {
    await Promise.allSettled(waiting.map(async (opened) => (await opened)?.cancel()));
  }
}

async function* keysOf(
  blobs: BlobPort,
  tenantId: string,
  { from, to, sourceIds, polls = false }: HistoryRange,
): AsyncGenerator<string, void> {
  for (const prefix of intakePrefixes(tenantId, polls ? "polls" : "events", from, to)) {
    let cursor: string | undefined;
    do {
      const page = await blobs.list(prefix, cursor);
      for (const { key } of page.items) {
        const kept = readIntakeKey(key);
        if (kept === undefined || kept.at < from || kept.at >= to) continue;
        if (sourceIds === undefined || sourceIds.includes(kept.sourceId)) yield key;
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
}

async function* eventsOf(
  blobs: BlobPort,
  tenantId: string,
  stream: ReadableStream<Uint8Array> | undefined,
): AsyncGenerator<MaruEvent, void> {
  if (stream === undefined) return;
  for await (const line of splitLines(stream)) {
    if (isRequestLine(line)) return;
    yield await withData(blobs, tenantId, JSON.parse(line) as MaruEvent);
  }
}

/** Large data travels as a reference to the tenant's own storage. */
async function withData(blobs: BlobPort, tenantId: string, event: MaruEvent): Promise<MaruEvent> {
  if (event.dataref === undefined || !event.dataref.startsWith(`${tenantId}/ingest/`)) return event;
  const object = await blobs.get(event.dataref);
  if (object === null) return event;
  return { ...event, data: (await new Response(object.body).json()) as NonNullable<MaruEvent["data"]> };
}
