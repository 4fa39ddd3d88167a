import { MaruEvent } from "../../../contracts/events.ts";
import { both } from "../../kernel/both.ts";
import type { Ctx } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";
import { acceptEvents, mostEvents } from "./accept-events.ts";
import { keepEvents } from "./history/keep-intake.ts";
import { isRequestLine, readRequestLine } from "./history/kept-lines.rules.ts";
import { readEvents } from "./receiving/read-events.ts";
import { checkEvents } from "./schema/check-events.ts";
import type { Accepted } from "./schemas.ts";
import type { SetAsideRow, SourceRow } from "./tables.ts";

export interface Replay {
  readonly answer: Accepted;
  readonly events: readonly string[];
}

/**
 * Takes a kept request in again, or an event that the engine set aside. The latter gets an id of its own, since under
 * its old one it would be a duplicate, unless it never got there; its proof stays, a request's is `none`. The limits of size were for the sender.
 * @throws gone `sources.not_kept`; malformed_request when the request still can't be read
 */
export async function replayEvents(ctx: Ctx, source: SourceRow, row: SetAsideRow): Promise<Replay> {
  const [key = "", place] = (row.blobKey ?? "").split("#");
  const kept = key === "" ? null : await ctx.ports.blobs.get(key);
  if (!kept) throw problem("gone", "sources.not_kept", "The raw request was not kept, or no longer is.");
  const text = await new Response(kept.body).text();
  return place === undefined
    ? replayRequest(ctx, source, text)
    : replayEvent(ctx, source, row, [JSON.parse(text)].flat()[Number(place)]);
}

async function replayEvent(ctx: Ctx, source: SourceRow, row: SetAsideRow, stored: unknown): Promise<Replay> {
  const before = MaruEvent.parse(stored);
  const id = row.reason === "undeliverable" ? before.id : `${before.id.slice(0, 470)}~${row.id}`;
  const now = ctx.now.getTime();
  const event = { ...before, id, ingesttime: now, ingestseq: now * 1000 };
  const [left] = await both(
    ctx.ports.events.publish(ctx.tenantId, [event]),
    keepEvents(ctx, source, [JSON.stringify(event)]),
  );
  return { answer: { ...answerOf([event], left), rejected: 0, errors: [] }, events: [id] };
}

/** How many of some events the rules took, and why not the others. */
function answerOf(events: readonly MaruEvent[], left: readonly { readonly reason: string }[]) {
  const late = left.filter(({ reason }) => reason === "late").length;
  return { accepted: events.length - left.length, duplicate: left.length - late, late };
}

async function replayRequest(ctx: Ctx, source: SourceRow, text: string): Promise<Replay> {
  const line = text.split("\n").find(isRequestLine);
  if (line === undefined) throw problem("gone", "sources.not_kept", "The raw request was not kept.");
  const items = checkEvents(source, await readEvents(source, readRequestLine(line)));
  const drafts = items.flatMap((item) => ("draft" in item ? [item.draft] : []));
  const errors = items.flatMap((item) => ("errors" in item ? [...item.errors] : []));
  if (drafts.length === 0)
    throw problem("malformed_request", "sources.malformed", "The request still can't be read.", { errors });
  const ids: string[] = [];
  let sum = { accepted: 0, duplicate: 0, late: 0 };
  for (let i = 0; i < drafts.length; i += mostEvents) {
    const some = await acceptEvents(ctx, source, drafts.slice(i, i + mostEvents), "none");
    const { accepted, duplicate, late } = answerOf(some.accepted, some.leftOut);
    sum = {
      accepted: sum.accepted + accepted,
      duplicate: sum.duplicate + duplicate + some.duplicates.length,
      late: sum.late + late,
    };
    ids.push(...some.accepted.map(({ id }) => id));
  }
  return {
    answer: { ...sum, rejected: items.length - drafts.length, errors: errors.slice(0, 100) },
    events: ids.slice(0, 50),
  };
}
