import type { MaruEvent } from "../../../../contracts/events.ts";
import type { Ctx } from "../../../kernel/context.ts";
import type { BlobPort } from "../../../kernel/ports/blob.ts";
import type { HttpMessage } from "../receiving/event-draft.ts";
import type { SourceRow } from "../tables.ts";
import { type IntakeFolder, intakeKey } from "./intake-key.rules.ts";
import { packLines } from "./kept-lines.rules.ts";

/**
 * Keeps what a request brought in, for backtests and replays: its events, each as JSON, and its raw body as one object.
 * @returns its key; undefined where the source keeps none or there is nothing to keep
 */
export async function keepEvents(
  ctx: Ctx,
  source: SourceRow,
  events: readonly string[],
  message?: HttpMessage,
): Promise<string | undefined> {
  if (source.limits.retentionDays === 0 || events.length === 0) return undefined;
  return put(ctx, source, "events", events, message);
}

/** Keeps a request that none of its events were let in of, for a replay. */
export async function keepRefused(
  ctx: Ctx,
  source: SourceRow,
  message: HttpMessage,
): Promise<string | undefined> {
  return source.limits.retentionDays === 0 ? undefined : put(ctx, source, "ingest", [], message);
}

/** Keeps events only as long as they may be under way. */
export function keepTravelling(ctx: Ctx, source: SourceRow, events: readonly string[]): Promise<string> {
  return put(ctx, source, "ingest", events);
}

/** Keeps the result of a poll as an event; `name` is the object's own. */
export async function keepPolled(blobs: BlobPort, event: MaruEvent, name: string): Promise<void> {
  const place = { at: event.ingesttime, sourceId: event.sourceid };
  const key = intakeKey(event.tenantid, "polls", place, `${name}.ndjson`);
  await blobs.put(key, packLines([JSON.stringify(event)], undefined), "application/x-ndjson");
}

async function put(
  ctx: Ctx,
  source: SourceRow,
  folder: IntakeFolder,
  events: readonly string[],
  message?: HttpMessage,
): Promise<string> {
  const place = { at: ctx.now.getTime(), sourceId: source.id };
  const key = intakeKey(source.tenantId, folder, place, `${ctx.newId("in")}.ndjson`);
  await ctx.ports.blobs.put(key, packLines(events, message), "application/x-ndjson");
  return key;
}
