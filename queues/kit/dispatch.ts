import * as z from "zod";
import type { Session } from "../../src/context.ts";
import { fieldProblems, problems, toFailure } from "../../src/kernel/problem.ts";
import type { Random } from "../../src/kernel/random.ts";
import { backoffMs } from "../../src/kernel/retry.ts";
import type { BatchQueue, EachQueue, MessageFacts, QueueDefinition } from "./define-queue.ts";

/** What becomes of a message after a try. */
export type Verdict =
  | { readonly do: "ack" }
  | { readonly do: "retry"; readonly delaySeconds: number }
  | { readonly do: "park"; readonly reason: string };

/** Pure: acknowledged when handled, tried again while the failure is transient and tries are left, else parked. */
export function verdictOf(
  error: unknown,
  attempt: number,
  queue: Pick<QueueDefinition<unknown>, "retry">,
  random: Random,
): Verdict {
  const failure = toFailure(error);
  const transient = problems[failure.kind].retryable;
  if (!transient || attempt >= queue.retry.maxAttempts)
    return { do: "park", reason: `${failure.code}: ${failure.detail}` };
  const waitMs = backoffMs(queue.retry, attempt, random, failure.retryAfterMs);
  return { do: "retry", delaySeconds: Math.min(43_200, Math.ceil(waitMs / 1000)) };
}

/** The name of a queue without the suffix of its environment: `maru-work-fast-production` is `maru-work-fast`. */
export function baseName(queue: string, environment: string): string {
  return queue.endsWith(`-${environment}`) ? queue.slice(0, -environment.length - 1) : queue;
}

export interface DispatchHost {
  readonly session: Session;
  readonly environment: string;
  readonly random: Random;
  log(level: "warn" | "error", message: string, fields: Readonly<Record<string, unknown>>): void;
  /** Records a message that will not be tried again. */
  park(queue: string, body: unknown, reason: string, facts: MessageFacts): Promise<void>;
}

/** A message that could be read. */
interface Item {
  readonly message: Message;
  readonly body: unknown;
  readonly facts: MessageFacts;
}

/** The only loop over a batch: each message is acknowledged, retried or parked by itself. */
export async function dispatch(
  batch: MessageBatch,
  catalogue: readonly QueueDefinition<unknown>[],
  host: DispatchHost,
): Promise<void> {
  const name = baseName(batch.queue, host.environment);
  const queue = catalogue.find((entry) => entry.name === name);
  if (queue === undefined) throw new Error(`no queue of the catalogue is called "${name}"`);
  const read = await Promise.all(batch.messages.map((message) => readOne(queue, message, host)));
  const items = read.filter((item) => item !== undefined);
  await ("handleAll" in queue
    ? handleTogether(queue, items, host)
    : Promise.all(items.map((item) => handleOne(queue, item, host))));
}

async function readOne(
  queue: QueueDefinition<unknown>,
  message: Message,
  host: DispatchHost,
): Promise<Item | undefined> {
  const facts = { id: message.id, attempt: message.attempts, sentAt: message.timestamp };
  const parsed = z.safeParse(queue.message, message.body);
  if (parsed.success) return { message, body: parsed.data, facts };
  const reason = fieldProblems(parsed.error)
    .map((field) => `${field.pointer || "/"} ${field.code}`)
    .join(", ");
  const park = () => host.park(queue.name, message.body, `unreadable: ${reason}`, facts);
  await parkOrRetry(queue, message, park, host);
  return undefined;
}

async function handleTogether(
  queue: BatchQueue<unknown>,
  items: readonly Item[],
  host: DispatchHost,
): Promise<void> {
  if (items.length === 0) return;
  const given = items.map(({ body, facts }) => ({ message: body, facts }));
  const failures = await queue
    .handleAll(host.session, given)
    .catch((error: unknown) => new Map(items.map((_, place) => [place, error])));
  await Promise.all(
    items.map((item, place) => settle(queue, item, failures.has(place), failures.get(place), host)),
  );
}

async function handleOne(queue: EachQueue<unknown>, item: Item, host: DispatchHost): Promise<void> {
  const [failed, error] = await queue.handle(host.session, item.body, item.facts).then(
    () => [false, undefined] as const,
    (thrown: unknown) => [true, thrown] as const,
  );
  await settle(queue, item, failed, error, host);
}

async function settle(
  queue: QueueDefinition<unknown>,
  { message, body, facts }: Item,
  failed: boolean,
  error: unknown,
  host: DispatchHost,
): Promise<void> {
  if (!failed) {
    message.ack();
    count(host, queue, "acked");
    return;
  }
  const verdict = verdictOf(error, message.attempts, queue, host.random);
  host.log(verdict.do === "park" ? "error" : "warn", "message failed", {
    queue: queue.name,
    messageId: message.id,
    attempt: message.attempts,
    error,
  });
  if (verdict.do === "retry") {
    message.retry({ delaySeconds: verdict.delaySeconds });
    count(host, queue, "retried");
  }
  if (verdict.do !== "park") return;
  const { reason } = verdict;
  const inList = () => host.park(queue.name, message.body, reason, facts);
  const { park } = queue;
  const keep = park ? () => park(host.session, body, reason).catch(inList) : inList;
  await parkOrRetry(queue, message, keep, host);
}

async function parkOrRetry(
  queue: QueueDefinition<unknown>,
  message: Message,
  park: () => Promise<void>,
  host: DispatchHost,
): Promise<void> {
  try {
    await park();
    message.ack();
    count(host, queue, "parked");
  } catch (error) {
    host.log("error", "message not parked", { queue: queue.name, messageId: message.id, error });
    message.retry({ delaySeconds: 60 });
  }
}

function count(host: DispatchHost, queue: QueueDefinition<unknown>, outcome: string): void {
  host.session.ports.meter.count("maru_queue_messages_total", { queue: queue.name, outcome });
}
