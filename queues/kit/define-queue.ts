import type * as z from "zod";
import type { Session } from "../../src/context.ts";
import type { RetryPolicy } from "../../src/kernel/retry.ts";

export interface MessageFacts {
  readonly id: string;
  /** 1 at the first delivery. */
  readonly attempt: number;
  readonly sentAt: Date;
}

interface QueueOf<Message> {
  readonly name: string;
  readonly message: z.ZodType<Message>;
  readonly retry: RetryPolicy;
  /** Records a message that will not be tried again where its owner looks, rather than in the platform's list. */
  readonly park?: (session: Session, message: Message, reason: string) => Promise<void>;
}

export interface EachQueue<Message> extends QueueOf<Message> {
  readonly handle: (session: Session, message: Message, facts: MessageFacts) => Promise<void>;
}

export interface BatchQueue<Message> extends QueueOf<Message> {
  /** Handles the messages of a batch together; answers what failed, by place. */
  readonly handleAll: (
    session: Session,
    items: readonly { readonly message: Message; readonly facts: MessageFacts }[],
  ) => Promise<ReadonlyMap<number, unknown>>;
}

/** A queue: its name, the shape of its messages, how often to try again, and what to do with one or with a batch. */
export type QueueDefinition<Message> = EachQueue<Message> | BatchQueue<Message>;

/** Keeps the message type where a queue is written and forgets it in the catalogue. */
export function defineQueue<Message>(definition: QueueDefinition<Message>): QueueDefinition<unknown> {
  return definition as unknown as QueueDefinition<unknown>;
}
