import type { MaruEvent } from "../../../../contracts/events.ts";
import type { Ctx } from "../../../kernel/context.ts";
import type { HttpMessage } from "../receiving/event-draft.ts";
import type { SourceRow } from "../tables.ts";
import { intakeKey } from "./intake-key.rules.ts";
import { packLines } from "./kept-lines.rules.ts";

const ndjson = "application/x-ndjson";

/**
 * Keeps what a request brought in, for backtests and replays: its events and its raw body as one object.
 * @returns its key; undefined where the source keeps none or there is nothing to keep
 */
export async function keepEvents(
  ctx: Ctx,
  source: SourceRow,
  events: readonly MaruEvent[],
  message?: HttpMessage,
): Promise<string | undefined> {
  if (source.limits.retentionDays === 0 || events.length === 0) return undefined;
  const place = { at: ctx.now.getTime(), sourceId: source.id };
  const key = intakeKey(source.tenantId, "events", place, `${ctx.newId("in")}.ndjson`);
  await ctx.ports.blobs.put(key, packLines(events, message), ndjson);
  return key;
}

/** Keeps a request that none of its events were let in of, for a replay. */
export async function keepRefused(
  ctx: Ctx,
  source: SourceRow,
  message: HttpMessage,
): Promise<string | undefined> {
  if (source.limits.retentionDays === 0) return undefined;
  const place = { at: ctx.now.getTime(), sourceId: source.id };
  const key = intakeKey(source.tenantId, "ingest", place, `${ctx.newId("in")}.ndjson`);
  await ctx.ports.blobs.put(key, packLines([], message), ndjson);
  return key;
}
