import * as z from "zod";
import { type Session, systemCtx } from "../../src/context.ts";
import { makePoll, type PollTurn } from "../../src/modules/rules/index.ts";
import { defineQueue } from "../kit/define-queue.ts";
import { gateOf } from "./gate.ts";

const PollMessage = z.strictObject({
  tenantId: z.string().min(1),
  pollId: z.string().min(1),
  dueAt: z.int(),
});
type PollMessage = z.infer<typeof PollMessage>;

/** The platform lets an invocation hold six connections; a slow source takes one of them and no more. */
const mostAtOnce = 6;
/** One message makes the polls that waited for its own no longer than this: the queue expects it back. */
const longestMs = 60_000;
const gates = new WeakMap<Session, ReturnType<typeof gateOf>>();

/** Makes a poll, and then those that waited for it to end, so that a slow source keeps nobody waiting. */
async function poll(session: Session, { tenantId, pollId, dueAt }: PollMessage): Promise<void> {
  const gate = gates.get(session) ?? gateOf(mostAtOnce);
  gates.set(session, gate);
  const ctx = systemCtx(session, tenantId, "rules.metric.poll");
  const until = Date.now() + longestMs;
  let turn: PollTurn | null = { pollId, dueAt };
  while (turn !== null) {
    const now: PollTurn = turn;
    turn = await gate(() => makePoll(ctx, now, Date.now() < until));
  }
}

export const pollQueue = defineQueue({
  name: "maru-poll",
  message: PollMessage,
  retry: { baseMs: 500, capMs: 5_000, maxAttempts: 3 },
  handle: poll,
});
