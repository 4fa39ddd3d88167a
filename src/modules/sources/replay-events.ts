import { MaruEvent } from "../../../contracts/events.ts";
import type { Ctx } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";
import { acceptEvents } from "./accept-events.ts";
import { unpackRequest } from "./kept-request.rules.ts";
import { readEvents } from "./receiving/read-events.ts";
import type { Accepted } from "./schemas.ts";
import type { SetAsideRow, SourceRow } from "./tables.ts";

export interface Replay {
  readonly answer: Accepted;
  readonly events: readonly string[];
}

/**
 * Takes a kept request in again, or an event that the engine set aside. The latter gets an id of its own, since under
 * its old one it would be a duplicate; its proof stays, a request's is `none`.
 * @throws gone `sources.not_kept`; malformed_request when the request still can't be read
 */
export async function replayEvents(ctx: Ctx, source: SourceRow, row: SetAsideRow): Promise<Replay> {
  const [key = "", place] = (row.blobKey ?? "").split("#");
  const kept = key === "" ? null : await ctx.ports.blobs.get(key);
  if (!kept) throw problem("gone", "sources.not_kept", "The raw request was not kept, or no longer is.");
  const bytes = new Uint8Array(await new Response(kept.body).arrayBuffer());
  if (place !== undefined) {
    const [stored] = [JSON.parse(new TextDecoder().decode(bytes))].flat().slice(Number(place));
    const event = MaruEvent.parse(stored);
    const id = `${event.id.slice(0, 470)}~${row.id}`;
    await ctx.ports.events.publish(ctx.tenantId, [{ ...event, id, ingesttime: ctx.now.getTime() }]);
    return { answer: { accepted: 1, rejected: 0, errors: [] }, events: [id] };
  }
  const items = await readEvents(source, unpackRequest(bytes));
  const drafts = items.flatMap((item) => ("draft" in item ? [item.draft] : []));
  const errors = items.flatMap((item) => ("errors" in item ? [...item.errors] : []));
  if (drafts.length === 0)
    throw problem("malformed_request", "sources.malformed", "The request still can't be read.", { errors });
  const { accepted } = await acceptEvents(ctx, source, drafts, "none");
  return {
    answer: { accepted: accepted.length, rejected: items.length - drafts.length, errors },
    events: accepted.slice(0, 50).map(({ id }) => id),
  };
}
