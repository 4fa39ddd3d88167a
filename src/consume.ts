import { catalogue } from "../queues/catalog.ts";
import { dispatch } from "../queues/kit/dispatch.ts";
import { openSession } from "./context.ts";
import { parkMessage } from "./db/parked.ts";
import { configOf } from "./platform/config.ts";
import type { Env } from "./platform/env.ts";
import { jsonLog } from "./platform/log.ts";

/** Consumes one batch of any queue of the catalogue. */
export async function consume(batch: MessageBatch, env: Env, ctx: ExecutionContext): Promise<void> {
  const config = configOf(env);
  const session = openSession(env, new Date(), (work) => ctx.waitUntil(work));
  const log = jsonLog(config.MARU_LOG_LEVEL, { queue: batch.queue });
  try {
    await dispatch(batch, catalogue, {
      session,
      environment: config.MARU_ENVIRONMENT,
      random: Math.random,
      log,
      park: (queue, body, reason, facts) => parkMessage(session.db, queue, body, reason, facts, session.now),
    });
  } finally {
    ctx.waitUntil(session.ports.meter.flush("at_once").then(() => session.db.close()));
  }
}
