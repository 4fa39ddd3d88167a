import type { Session } from "../../src/context.ts";
import type { Log } from "../../src/kernel/context.ts";
import {
  listDueMessages,
  type MessageRow,
  putOff,
  type Settlement,
  settleMessages,
} from "../../src/modules/audit/index.ts";
import { redact } from "../../src/platform/log.ts";
import type { OutboxHandler } from "../../src/reactions/outbox-handler.ts";

const batchRows = 50;
const handlerTimeoutMs = 30_000;
const atOnce = 6;
/** After this long no further message is begun; the rest stays due. */
const batchTimeMs = 60_000;

/**
 * Hands the next batch of due messages to their handlers, then deletes what was sent and puts off the rest in one unit.
 * A crash in between sends again: delivery is at least once. Answers how many messages were taken.
 */
export async function relayOutbox(
  session: Session,
  tenantId: string,
  handlers: Readonly<Record<string, OutboxHandler>>,
  log: Log,
): Promise<number> {
  const messages = await listDueMessages(session.db, tenantId, new Date(), batchRows);
  if (messages.length === 0) return 0;
  const settled: Settlement[] = [];
  const deliver = async (message: MessageRow) => {
    const { id, topic, payload, attempts } = message;
    const { meter } = session.ports;
    try {
      const handler = Object.hasOwn(handlers, topic) ? handlers[topic] : undefined;
      if (handler === undefined) throw new Error(`nobody takes the topic "${topic}"`);
      await inTime(handler(session, { id, tenantId, topic, payload, attempts }));
      settled.push({ id });
      meter.count("maru_outbox_deliveries_total", { topic, outcome: "sent" });
    } catch (error) {
      const reason = String(redact(error instanceof Error ? error.message : String(error)));
      settled.push(putOff(message, reason, new Date(), Math.random));
      meter.count("maru_outbox_deliveries_total", { topic, outcome: "put_off" });
      log("warn", "an outbox message was put off", { messageId: id, topic, attempts: attempts + 1, reason });
    }
  };
  const until = Date.now() + batchTimeMs;
  const queue = messages.values();
  const work = async () => {
    for (const message of queue) {
      await deliver(message);
      if (Date.now() >= until) return;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await settleMessages(session.db, tenantId, settled);
  return settled.length;
}

async function inTime(work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${handlerTimeoutMs / 1000} s`)),
      handlerTimeoutMs,
    );
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
