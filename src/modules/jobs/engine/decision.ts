import type { JobEvent } from "../../../../contracts/jobs.ts";
import type { Command } from "./commands.ts";
import type { Effect } from "./effects.ts";
import type { ReplyOf } from "./replies.ts";

/**
 * What a command led to. The state has been changed in the store; the host stores `effects` in the same transaction,
 * answers `reply` after the commit, publishes `events`, and sets its alarm to `wakeAt`.
 */
export interface Decision<C extends Command> {
  readonly reply: ReplyOf<C>;
  readonly events: readonly JobEvent[];
  readonly effects: readonly Effect[];
  /** Epoch milliseconds of the next `tick`; null when nothing waits for time. */
  readonly wakeAt: number | null;
}
