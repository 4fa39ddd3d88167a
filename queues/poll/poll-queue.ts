import * as z from "zod";
import { type Session, systemCtx } from "../../src/context.ts";
import { makePoll } from "../../src/modules/rules/index.ts";
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
const gates = new WeakMap<Session, ReturnType<typeof gateOf>>();

async function poll(session: Session, { tenantId, pollId, dueAt }: PollMessage): Promise<void> {
  const gate = gates.get(session) ?? gateOf(mostAtOnce);
  gates.set(session, gate);
  const ctx = systemCtx(session, tenantId, "rules.metric.poll");
  const state = await gate(() => makePoll(ctx, pollId, dueAt));
  session.ports.meter.count("maru_rule_polls_total", { tenant_id: tenantId, outcome: state });
}

export const pollQueue = defineQueue({
  name: "maru-poll",
  message: PollMessage,
  retry: { baseMs: 500, capMs: 5_000, maxAttempts: 3 },
  handle: poll,
});
