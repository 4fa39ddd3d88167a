import type { ChannelConfig } from "../../../contracts/channels.ts";
import type { Json } from "../json.ts";

/** Where a message goes and what proves us there. */
export interface NotifyTarget {
  readonly config: ChannelConfig;
  readonly secret?: string;
}

/** One message, as the channel's format wants its body. */
export interface NotifyMessage {
  /** The same however often it is sent: the receiver's idempotency key. */
  readonly id: string;
  /** The same for all messages about one group of alerts: PagerDuty's `dedup_key`. */
  readonly groupKey: string;
  readonly status: "firing" | "resolved";
  /** Somebody has taken it on. */
  readonly acknowledged: boolean;
  readonly severity: "critical" | "error" | "warning" | "info";
  readonly title: string;
  readonly body: string;
  /** The whole event, which webhooks carry. */
  readonly payload: Json;
  /** Milliseconds since 1970 UTC. */
  readonly at: number;
}

/** What the receiver said. `snippet` is the start of its answer, without what proves us. */
export type NotifyOutcome =
  | { readonly sent: true; readonly status: number; readonly snippet: string }
  | {
      readonly sent: false;
      /** Null when there was no answer. */
      readonly status: number | null;
      readonly retryable: boolean;
      /** The receiver is gone for good (410). */
      readonly gone: boolean;
      readonly retryAfterMs: number;
      readonly snippet: string;
    };

/** The way to receivers outside. */
export interface NotifyPort {
  /** Sends once and never throws: what went wrong is the outcome. */
  send(target: NotifyTarget, message: NotifyMessage): Promise<NotifyOutcome>;
}
