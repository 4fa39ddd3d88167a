import * as z from "zod";
import { type Session, systemCtx } from "../../src/context.ts";
import { makePoll } from "../../src/modules/rules/index.ts";
import { defineQueue } from "../kit/define-queue.ts";
import { newCrew } from "./crew.ts";

/** Polls of a tenant wait to be made. */
const PollMessage = z.strictObject({ tenantId: z.string().min(1) });
type PollMessage = z.infer<typeof PollMessage>;

/** The platform lets an invocation hold six connections. */
const limits = { most: 6, lookMs: 400, longestMs: 25_000 };
const crews = new WeakMap<Session, ReturnType<typeof newCrew>>();

/** Makes the polls that wait, whichever message was sent for which: each is taken once. */
async function poll(session: Session, { tenantId }: PollMessage): Promise<void> {
  const crew = crews.get(session) ?? newCrew(limits);
  crews.set(session, crew);
  const ctx = systemCtx(session, tenantId, "rules.metric.poll");
  await crew(tenantId, async () => {
    const task = await session.ports.ruleClock.next(tenantId);
    return task === null ? null : () => makePoll(ctx, task);
  });
}

export const pollQueue = defineQueue({
  name: "maru-poll",
  message: PollMessage,
  retry: { baseMs: 500, capMs: 5_000, maxAttempts: 3 },
  handle: poll,
});
