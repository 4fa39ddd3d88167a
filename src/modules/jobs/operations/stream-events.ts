import * as z from "zod";
import type { Ctx } from "../../../kernel/context.ts";
import { defineOperation, type StreamBody } from "../../../kernel/operation.ts";
import { mustFindJob } from "../must-find-job.ts";

const waitMs = 10_000;

/** Server-sent events (html.spec.whatwg.org, 9.2): `id` is the event's number, so a reader resumes after it. */
function eventStream(ctx: Ctx, jobId: string, after: number): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let seq = after;
  let opened = false;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!opened) {
        opened = true;
        controller.enqueue(encoder.encode("retry: 1000\n\n"));
        return;
      }
      const page = ctx.signal?.aborted ? null : await ctx.ports.jobs.events(ctx.tenantId, jobId, seq, waitMs);
      if (page === null) {
        controller.close();
        return;
      }
      const text = page.events.map(
        (event) => `id: ${event.jobSeq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
      );
      seq = page.events.at(-1)?.jobSeq ?? seq;
      controller.enqueue(encoder.encode(text.length > 0 ? text.join("") : ": waiting\n\n"));
      if (page.ended) controller.close();
    },
  });
}

export const streamEvents = defineOperation({
  action: "jobs.event.stream",
  effect: "read",
  scope: "jobs:read",
  summary:
    "Follow a job live as server-sent events; resumes after `Last-Event-ID` or `after`, ends with the job",
  input: z.strictObject({ id: z.string(), after: z.coerce.number().int().min(0).optional() }),
  output: z.custom<StreamBody>(),
  gives: ["text/event-stream"],
  raises: ["not_found"],
  resource: ({ id }) => `job:${id}`,
  async run(ctx, { id, after }) {
    await mustFindJob(ctx, id);
    return {
      stream: eventStream(ctx, id, after ?? ctx.lastEventId ?? 0),
      contentType: "text/event-stream; charset=utf-8",
    };
  },
});
