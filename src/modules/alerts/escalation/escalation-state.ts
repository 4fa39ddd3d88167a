import type { NotifyTarget } from "../../../../contracts/on-call.ts";

/** Where the escalation of one alert group stands. Plain JSON; all instants are ms UTC. */
export interface EscalationState {
  readonly escalationId: string;
  readonly phase: "waiting" | "acked" | "exhausted" | "resolved";
  readonly severity: string;
  /** How often it was taken up: once when fired, and again after each acknowledgement that ended. */
  readonly pass: number;
  readonly round: number;
  readonly step: number;
  /** Tellings of the step so far. */
  readonly told: number;
  /** When it goes on by itself; null when only an event can move it. */
  readonly dueAt: number | null;
  readonly ackedBy: string | null;
  /** Tellings in all. */
  readonly notified: number;
}

export type EscalationEvent =
  /** The alert group fires, under an id that no earlier firing had; again, it may bring another severity. */
  | { readonly type: "fired"; readonly escalationId: string; readonly severity: string }
  | { readonly type: "acked"; readonly by: string }
  | { readonly type: "unacked" }
  | { readonly type: "resolved" }
  | { readonly type: "tick" };

/** What is to be done. The key is the same however often the decision is made anew. */
export type EscalationEffect =
  | {
      readonly kind: "notify";
      readonly key: string;
      readonly target: NotifyTarget;
      /** Zero-based. */
      readonly round: number;
      readonly step: number;
      /** From 1: how many times this step has told its targets in this round. */
      readonly attempt: number;
    }
  /** Nobody is to be told any more of what has not been sent yet. */
  | { readonly kind: "stop"; readonly key: string; readonly reason: "acked" | "resolved" }
  /** All steps are done and nobody has acknowledged; `notified` 0 says that every step was passed over. */
  | { readonly kind: "exhausted"; readonly key: string; readonly notified: number };

export interface EscalationDecision {
  /** Null before the first firing. */
  readonly state: EscalationState | null;
  readonly effects: readonly EscalationEffect[];
  /** When a tick is due; null when none is. */
  readonly wakeAt: number | null;
}
