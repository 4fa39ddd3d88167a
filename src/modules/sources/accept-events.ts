import type { EventProof, MaruEvent } from "../../../contracts/events.ts";
import { both } from "../../kernel/both.ts";
import type { Ctx } from "../../kernel/context.ts";
import type { LeftOut } from "../../kernel/ports/events.ts";
import { problem } from "../../kernel/problem.ts";
import { intakeKey } from "./history/intake-key.rules.ts";
import { keepEvents } from "./history/keep-intake.ts";
import { enqueueEvents } from "./queued/enqueue-events.ts";
import { admitEvent } from "./receiving/admit-event.rules.ts";
import type { EventDraft, HttpMessage } from "./receiving/event-draft.ts";
import type { SetAsideEvent } from "./set-aside-events.ts";
import type { SourceRow } from "./tables.ts";

/** How many events one request may carry. */
export const mostEvents = 500;
/** Data of more bytes than this travels by reference. */
const inlineBytes = 100 * 1024;

export interface AcceptedEvents {
  readonly accepted: readonly MaruEvent[];
  /** Repeats of (`source`, `id`) within the request. */
  readonly duplicates: readonly MaruEvent[];
  /** What the rules did not take: it was there before, or came too late. Of a queued source that shows later. */
  readonly leftOut: readonly SetAsideEvent[];
  /** The key of the object that keeps them, with the request; undefined where the source keeps none. */
  readonly keptAt: string | undefined;
}

/**
 * Takes events into the rules; returns once they are durable there and in the history. Large data goes to the blob store
 * first. Where one of the two fails the sender repeats the request, and the rules know what they have seen.
 * @throws too_large `sources.too_many_events`; whatever `events.publish` throws
 */
export async function acceptEvents(
  ctx: Ctx,
  source: SourceRow,
  drafts: readonly EventDraft[],
  verified: EventProof,
  message?: HttpMessage,
): Promise<AcceptedEvents> {
  if (drafts.length > mostEvents) {
    throw problem(
      "too_large",
      "sources.too_many_events",
      `A request may carry ${mostEvents} events at most.`,
    );
  }
  const { maxPastMs, maxFutureMs } = source.limits;
  const facts = {
    tenantId: source.tenantId,
    sourceId: source.id,
    now: ctx.now.getTime(),
    verified,
    maxPastMs,
    maxFutureMs,
  };
  const accepted: MaruEvent[] = [];
  const duplicates: MaruEvent[] = [];
  const seen = new Set<string>();
  for (const [index, draft] of drafts.entries()) {
    const event = admitEvent(draft, facts, index);
    const identity = `${event.source}\n${event.id}`;
    (seen.has(identity) ? duplicates : accepted).push(event);
    seen.add(identity);
  }
  const { travelling, lines } = await written(ctx, accepted);
  const [keptAt, left] = await handOn(ctx, source, travelling, lines, message);
  const leftOut = left.flatMap(({ index, reason, detail }) => {
    const event = travelling[index];
    return event === undefined ? [] : [{ event, reason, detail }];
  });
  return { accepted: travelling, duplicates, leftOut, keptAt };
}

async function handOn(
  ctx: Ctx,
  source: SourceRow,
  events: readonly MaruEvent[],
  lines: readonly string[],
  message: HttpMessage | undefined,
): Promise<[string | undefined, readonly LeftOut[]]> {
  if (events.length === 0) return [undefined, []];
  if (source.delivery === "queued") return [await enqueueEvents(ctx, source, events, lines, message), []];
  const published = ctx.ports.events.publish(source.tenantId, events, lines);
  return both(keepEvents(ctx, source, lines, message), published);
}

/** Each event as it travels, and that as JSON: written once for the history and for the rules. */
async function written(
  ctx: Ctx,
  events: readonly MaruEvent[],
): Promise<{ travelling: readonly MaruEvent[]; lines: readonly string[] }> {
  const lines = events.map((event) => JSON.stringify(event));
  if (lines.every((line) => line.length * 3 <= inlineBytes)) return { travelling: events, lines };
  const travelling = await Promise.all(events.map((event) => byReference(ctx, event)));
  return { travelling, lines: travelling.map((event) => JSON.stringify(event)) };
}

async function byReference(ctx: Ctx, event: MaruEvent): Promise<MaruEvent> {
  const { data, ...rest } = event;
  if (data === undefined) return event;
  const text = JSON.stringify(data);
  if (text.length * 3 <= inlineBytes) return event;
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= inlineBytes) return event;
  const place = { at: ctx.now.getTime(), sourceId: event.sourceid };
  const key = intakeKey(event.tenantid, "ingest", place, `${ctx.newId("data")}.json`);
  await ctx.ports.blobs.put(key, bytes, "application/json");
  return { ...rest, dataref: key };
}
