import * as z from "zod";
import type { Ctx } from "./context.ts";
import type { StreamBody } from "./operation.ts";

const mostWaitMs = 10_000;

/** What a reader may say of any stream of numbered events. */
export const StreamQuery = z.strictObject({
  /** The number of the event that was seen last; 0 for all that are kept. */
  after: z.coerce.number().int().min(0).optional(),
  /** How long the stream goes on, in seconds; a reader goes on after the last event. 0 gives what there is. */
  seconds: z.coerce.number().int().min(0).max(3_600).default(900),
});

/** What there is after a number: what passes of it, and the number of the last that was looked at. */
export interface EventPage {
  readonly events: readonly { readonly id: number; readonly type: string; readonly data: unknown }[];
  readonly seen: number;
}

/**
 * Server-sent events (html.spec.whatwg.org, 9.2) of a log of numbered events: `id` is the number, so a reader resumes
 * after it with `Last-Event-ID`. `next` waits up to `waitMs` for something after a number; null means from now on.
 */
export function eventStream(
  ctx: Pick<Ctx, "now" | "signal" | "lastEventId">,
  query: z.output<typeof StreamQuery>,
  next: (after: number | null, waitMs: number) => Promise<EventPage>,
): StreamBody {
  const encoder = new TextEncoder();
  const until = ctx.now.getTime() + query.seconds * 1000;
  let seen: number | null = query.after ?? ctx.lastEventId ?? null;
  let opened = false;
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const leftMs = until - Date.now();
      if ((opened && leftMs <= 0) || ctx.signal?.aborted) {
        controller.close();
        return;
      }
      const page = await next(seen, Math.max(0, Math.min(mostWaitMs, leftMs)));
      const told = page.events.map(
        ({ id, type, data }) => `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`,
      );
      // An id without data is remembered by the reader and shown to nobody: it needs not look there again.
      const last = page.events.at(-1)?.id ?? seen;
      const place = page.seen === last ? "" : `id: ${page.seen}\n\n`;
      seen = page.seen;
      const text = `${opened ? "" : "retry: 1000\n\n"}${told.join("")}${place}`;
      controller.enqueue(encoder.encode(text === "" ? ": waiting\n\n" : text));
      opened = true;
    },
  });
  return { stream, contentType: "text/event-stream; charset=utf-8" };
}
