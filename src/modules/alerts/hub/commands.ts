import type { AlertSignal, RoutingConfig, SilenceDraft, Suppression } from "../../../../contracts/alerts.ts";
import type { Failure } from "../../../kernel/problem.ts";
import type { Entry, EntryBodies, EntryKind } from "../entries/entry.ts";
import type { OutboxState } from "./rows.ts";

/** What a hub is asked to do. Instants are integer milliseconds; `by` names the actor. */
export type HubCommand =
  /** What rules say of alerts; the same words may come again and in any order. */
  | { readonly type: "signal"; readonly signals: readonly AlertSignal[] }
  /** Time has passed. */
  | { readonly type: "tick" }
  | { readonly type: "set_config"; readonly config: RoutingConfig }
  /** A new silence, or a change of one that has not expired. */
  | { readonly type: "put_silence"; readonly id: string; readonly silence: SilenceDraft; readonly by: string }
  | { readonly type: "end_silence"; readonly id: string; readonly by: string }
  /** Someone takes care: what fires is not repeated until it ends or `untilAt`. */
  | {
      readonly type: "acknowledge";
      readonly fingerprint: string;
      readonly by: string;
      readonly untilAt: number | null;
      readonly note?: string;
    }
  | { readonly type: "unacknowledge"; readonly fingerprint: string; readonly by: string }
  /** Ends an alert until its rule says that it fires again. */
  | { readonly type: "resolve"; readonly fingerprint: string; readonly by: string; readonly note?: string }
  | { readonly type: "comment"; readonly fingerprint: string; readonly by: string; readonly text: string }
  | PutEntry
  | {
      readonly type: "delete_entry";
      readonly kind: EntryKind;
      readonly id: string;
      readonly expected?: number;
    }
  /** A deliverer takes a notification for `leaseMs`; `again` takes one that is done with, to send it once more. */
  | { readonly type: "claim"; readonly id: string; readonly leaseMs: number; readonly again?: boolean }
  | {
      readonly type: "report";
      readonly id: string;
      readonly epoch: number;
      readonly outcome: DeliveryOutcome;
    };

/** Writes down whom to wake. `expected` is the version that the caller saw. */
export type PutEntry = {
  [K in EntryKind]: {
    readonly type: "put_entry";
    readonly kind: K;
    readonly id: string;
    readonly body: EntryBodies[K];
    /** Whether it must be there already. */
    readonly mode: "known" | "any";
    readonly expected?: number;
    readonly by: string;
  };
}[EntryKind];

export type DeliveryOutcome =
  | { readonly state: "sent"; readonly detail?: string }
  | { readonly state: "retry"; readonly at: number; readonly detail: string }
  | { readonly state: "dead"; readonly detail: string }
  | { readonly state: "suppressed"; readonly reasons: readonly Suppression[]; readonly detail: string };

interface Done {
  readonly ok: true;
}

export interface Refused {
  readonly ok: false;
  readonly failure: Failure;
}

export interface HubReplies {
  signal: {
    readonly ok: true;
    readonly accepted: number;
    /** Known already, or too old to matter. */
    readonly duplicates: number;
    /** New alerts that found no room; those that live are never dropped for them. */
    readonly refused: number;
  };
  tick: Done;
  set_config: Done | Refused;
  put_silence: Done | Refused;
  end_silence: Done | Refused;
  acknowledge: Done | Refused;
  unacknowledge: Done | Refused;
  resolve: Done | Refused;
  comment: Done | Refused;
  put_entry: { readonly ok: true; readonly entry: Entry } | Refused;
  delete_entry: Done | Refused;
  claim: ClaimReply;
  report: { readonly ok: true; readonly state: OutboxState } | Refused;
}

/** `epoch` comes back with the report. A claim that is refused says what became of the notification. */
export type ClaimReply =
  | { readonly ok: true; readonly epoch: number; readonly attempt: number; readonly leaseUntil: number }
  | {
      readonly ok: false;
      readonly state: OutboxState | "unknown";
      readonly until: number | null;
      /** Why it was suppressed. */
      readonly detail?: string;
    };

export type HubReply<C extends HubCommand> = HubReplies[C["type"]];
