import type { ActionOccasion, RuleAction } from "../../../../contracts/rule-actions.ts";
import type { Json } from "../../../kernel/json.ts";
import type { PatternEventRef } from "../patterns/condition.ts";

/** The four states of an alert instance. */
export type InstanceStatus = "normal" | "pending" | "firing" | "recovering";

/** What an evaluation said. `unknown` is neither true nor false: something it needs is absent. */
export type Verdict = "true" | "false" | "unknown" | "error";

/** Reasons why something that happened is not told, in the order in which they are shown. */
export const suppressionOrder = [
  "maintenance",
  "silence",
  "inhibition",
  "flapping",
  "cooldown",
  "rateLimit",
  "quietHours",
  "dedupe",
] as const;
export type SuppressionReason = (typeof suppressionOrder)[number];

/** Puts reasons into the order in which they are shown, each once. */
export function orderReasons(reasons: Iterable<SuppressionReason>): SuppressionReason[] {
  const all = new Set(reasons);
  return suppressionOrder.filter((reason) => all.has(reason));
}

/** What made something happen: the same cause gives the same `matchId`, however often it is replayed. */
export type Cause =
  /** `until` is when the last of them made it happen, where that was later than the events. */
  | { readonly by: "events"; readonly events: readonly EventRef[]; readonly until?: number }
  | { readonly by: "window"; readonly start: number; readonly end: number; readonly revision: number }
  | { readonly by: "schedule"; readonly scheduledFor: number }
  | { readonly by: "samples"; readonly at: number }
  | { readonly by: "timer"; readonly at: number };

/** Names an event by its identity. */
export interface EventRef {
  readonly source: string;
  readonly id: string;
}

interface Common {
  readonly lineage: string;
  readonly key: readonly Json[];
  /** Time in the rule's domain, epoch milliseconds. */
  readonly at: number;
}

/** The rule matched once (outcome `match`). */
export interface MatchOutput extends Common {
  readonly kind: "match";
  readonly cause: Cause;
  readonly matchId: string;
  readonly values: Values;
  readonly labels: Labels;
  readonly annotations: Labels;
}

/** An alert instance went from one state to another. */
export interface TransitionOutput extends Common {
  readonly kind: "transition";
  readonly from: InstanceStatus;
  readonly to: InstanceStatus;
  readonly cause: Cause;
  readonly matchId: string;
  /** Why, where it is not the condition: `noData`, `error`, `restored`, `relabelled`, `superseded`. */
  readonly reason?: TransitionReason;
  /** When the condition became true. */
  readonly activeAt: number | null;
  /** When it fired. */
  readonly firedAt: number | null;
  readonly values: Values;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly suppressed: readonly SuppressionReason[];
}

export type TransitionReason =
  | "condition"
  | "noData"
  | "error"
  | "restored"
  | "relabelled"
  | "superseded"
  | "expired";

/** An instance began or ceased to flap. */
export interface FlappingOutput extends Common {
  readonly kind: "flapping";
  readonly phase: "started" | "stopped";
  /** Percent, or changes in the window. */
  readonly level: number;
  readonly status: InstanceStatus;
  readonly firedAt: number | null;
  readonly labels: Labels;
  readonly annotations: Labels;
}

/** A window was evaluated; `revision` counts late corrections, `early` says that it had not ended. */
export interface WindowOutput extends Common {
  readonly kind: "window";
  readonly start: number;
  readonly end: number;
  readonly revision: number;
  readonly early: boolean;
  readonly values: Values;
  readonly verdict: Verdict;
}

/** An event came after the watermark: left out (`drop`, `side`), or used to correct (`update`). */
export interface LateOutput extends Common {
  readonly kind: "late";
  readonly policy: "drop" | "side" | "update";
  readonly used: boolean;
  readonly event: EventRef;
  readonly watermark: number;
}

/** Something the author should see: an error of evaluation, a cap that was reached. */
export interface HealthOutput extends Common {
  readonly kind: "health";
  readonly code: HealthCode;
  readonly detail: string;
}

export type HealthCode =
  | "duplicateLabels"
  | "limitExceeded"
  | "evaluationFailed"
  | "sourceFailed"
  | "keysRefused"
  | "valuesCap"
  | "heldCap"
  | "partialMatchesDropped";

/** A partial match of a pattern ran out of time; only where the pattern asks for it. */
export interface TimeoutOutput extends Common {
  readonly kind: "timeout";
  readonly vars: Readonly<Record<string, readonly PatternEventRef[]>>;
  readonly startAt: number;
}

/** What the rule does besides keeping the alert: an outbox row with a deterministic key. */
export interface EffectOutput extends Common {
  readonly kind: "effect";
  readonly effectKey: string;
  readonly occasion: ActionOccasion;
  readonly action: RuleAction;
  readonly matchId: string;
  readonly values: Values;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Not empty: recorded, not sent. */
  readonly suppressed: readonly SuppressionReason[];
  /** The rules whose events led here, in order; absent where none did. */
  readonly visited?: readonly string[];
}

export type Output =
  | MatchOutput
  | TransitionOutput
  | FlappingOutput
  | WindowOutput
  | LateOutput
  | HealthOutput
  | TimeoutOutput
  | EffectOutput;

export type Labels = Readonly<Record<string, string>>;
/** Aggregates and `value` at the moment; an absent one is null. */
export type Values = Readonly<Record<string, Json>>;
