import * as z from "zod";
import type { Ctx } from "../../../kernel/context.ts";
import { defineOperation, type StreamBody } from "../../../kernel/operation.ts";
import { compileMatchers } from "../matching/matchers.rules.ts";
import { readMatchers } from "../read-matchers.ts";
import type { AlertChange } from "../views.ts";
import { alertChangeOf } from "../wire.ts";

const waitMs = 10_000;

interface Reader {
  /** The change that was seen last; null: what happened until now is not asked for. */
  readonly after: number | null;
  /** Epoch milliseconds. */
  readonly until: number;
  readonly passes: (change: AlertChange) => boolean;
}

/** Server-sent events (html.spec.whatwg.org, 9.2): `id` is the change's number, so a reader resumes after it. */
function changeStream(ctx: Ctx, { after, until, passes }: Reader): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let seen = after;
  let opened = false;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const leftMs = until - Date.now();
      if ((opened && leftMs <= 0) || ctx.signal?.aborted) {
        controller.close();
        return;
      }
      const page = await ctx.ports.alerts.changes(ctx.tenantId, seen, Math.max(0, Math.min(waitMs, leftMs)));
      const passed = page.items.filter(passes);
      const told = passed.map(
        (change) =>
          `id: ${change.seq}\nevent: ${change.type}\ndata: ${JSON.stringify(alertChangeOf(change))}\n\n`,
      );
      // An id without data is remembered by the reader and shown to nobody: it needs not look there again.
      const last = passed.at(-1)?.seq ?? seen;
      const place = page.after === last ? "" : `id: ${page.after}\n\n`;
      seen = page.after;
      const text = `${opened ? "" : "retry: 1000\n\n"}${told.join("")}${place}`;
      controller.enqueue(encoder.encode(text === "" ? ": waiting\n\n" : text));
      opened = true;
    },
  });
}

export const streamAlerts = defineOperation({
  action: "alerts.alert.stream",
  effect: "read",
  scope: "alerts:read",
  summary:
    "Follow what happens to alerts live as server-sent events, from now on or after `Last-Event-ID` or `after`",
  input: z.strictObject({
    /** The number of the change that was seen last; 0 for all that are kept. */
    after: z.coerce.number().int().min(0).optional(),
    /** How long the stream goes on, in seconds; a reader goes on after the last change. 0 gives what there is. */
    seconds: z.coerce.number().int().min(0).max(3_600).default(900),
    /** Matchers of labels: `host=~"db-.*",team!="web"`. */
    match: z.string().min(1).max(4000).optional(),
  }),
  output: z.custom<StreamBody>(),
  gives: ["text/event-stream"],
  raises: [],
  async run(ctx, { after, seconds, match }) {
    const passesLabels = match === undefined ? undefined : compileMatchers(readMatchers(match));
    const reader = {
      after: after ?? ctx.lastEventId ?? null,
      until: ctx.now.getTime() + seconds * 1000,
      passes: ({ alert }: AlertChange) =>
        passesLabels === undefined || (alert !== null && passesLabels(alert.labels)),
    };
    return { stream: changeStream(ctx, reader), contentType: "text/event-stream; charset=utf-8" };
  },
});
