import type { Session } from "../context.ts";

/** A message of the outbox on its way out. */
export interface OutboxDelivery {
  /** Stable over repeats: what a handler does must be idempotent by it. */
  readonly id: string;
  readonly tenantId: string;
  readonly topic: string;
  readonly payload: unknown;
  /** Earlier attempts that failed. */
  readonly attempts: number;
}

/**
 * Hands one message on. A message is deleted only after its handler returned; a throw or 30 s of silence puts it off.
 * Delivery is at least once, several at a time and in no promised order.
 */
export type OutboxHandler = (session: Session, delivery: OutboxDelivery) => Promise<void>;
