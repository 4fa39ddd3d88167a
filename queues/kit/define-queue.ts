import type * as z from "zod";
import type { Session } from "../../src/context.ts";
import type { RetryPolicy } from "../../src/kernel/retry.ts";

export interface MessageFacts {
  readonly id: string;
  /** 1 at the first delivery. */
  readonly attempt: number;
  readonly sentAt: Date;
}

/** A queue: its name, the shape of its messages, how often to try again, and what to do with one. */
export interface QueueDefinition<Message> {
  readonly name: string;
  readonly message: z.ZodType<Message>;
  readonly retry: RetryPolicy;
  readonly handle: (session: Session, message: Message, facts: MessageFacts) => Promise<void>;
}

/** Keeps the message type where a queue is written and forgets it in the catalogue. */
export function defineQueue<Message>(definition: QueueDefinition<Message>): QueueDefinition<unknown> {
  return definition as unknown as QueueDefinition<unknown>;
}
