import type { MaruEvent } from "../../../../contracts/events.ts";
import { both } from "../../../kernel/both.ts";
import type { Ctx } from "../../../kernel/context.ts";
import { keepEvents, keepTravelling } from "../history/keep-intake.ts";
import type { HttpMessage } from "../receiving/event-draft.ts";
import type { SourceRow } from "../tables.ts";

/** What one message carries as JSON; the platform takes 128 KB with what it adds. */
const packetBytes = 100_000;

/**
 * Puts the events of a request (`lines`: each as JSON) on the queue as one message; returns once the queue and the history have them. Where they
 * are too many for a message it names their object instead.
 * @returns the key of the object that keeps them; undefined where the source keeps none
 */
export async function enqueueEvents(
  ctx: Ctx,
  source: SourceRow,
  events: readonly MaruEvent[],
  lines: readonly string[],
  message: HttpMessage | undefined,
): Promise<string | undefined> {
  if (events.length === 0) return undefined;
  const { tenantId } = source;
  if (fits(lines.join(","))) {
    const sent = ctx.ports.events.enqueue({ tenantId, events });
    const [keptAt] = await both(keepEvents(ctx, source, lines, message), sent);
    return keptAt;
  }
  const keptAt = await keepEvents(ctx, source, lines, message);
  const key = keptAt ?? (await keepTravelling(ctx, source, lines));
  await ctx.ports.events.enqueue({ tenantId, key });
  return keptAt;
}

const fits = (text: string): boolean =>
  text.length * 3 <= packetBytes ||
  (text.length <= packetBytes && new TextEncoder().encode(text).length <= packetBytes);
