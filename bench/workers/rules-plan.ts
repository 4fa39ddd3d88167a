import type { RuleDefinition } from "../../contracts/rules.ts";

/** What the Worker of the rules benchmark is asked to do; the events of a tenant start where the last ones ended. */
export type RulesPlan =
  | { readonly kind: "rules"; readonly tenant: string; readonly rules: readonly PlannedRule[] }
  /** Events that each make an alert of their own fire, one after the other. */
  | { readonly kind: "notify"; readonly tenant: string; readonly count: number }
  /** Batches go to an engine by RPC, `inFlight` at a time. */
  | Loop<"engine">
  /** The same events: a row each, in a transaction a batch, in an object that does nothing else. */
  | Loop<"bare">
  /** The bare object, asked to make its batches itself: no RPC at all. */
  | Loop<"alone">;

interface Loop<Kind extends string> {
  readonly kind: Kind;
  readonly tenant: string;
  readonly first: number;
  readonly events: number;
  readonly batch: number;
  readonly keys: number;
  readonly inFlight: number;
  /** When the first event of the tenant was and how much later each next one; up to now, a millisecond each, when absent. */
  readonly pace?: { readonly from: number; readonly stepMs: number };
}

export interface RulesOutcome {
  readonly elapsedMs: number;
  /** Milliseconds from an event to its notification. */
  readonly latencies: readonly number[];
}

/** A rule as the engine is told of it. */
export interface PlannedRule {
  readonly ruleId: string;
  readonly version: number;
  readonly lineage: string;
  readonly stateEpoch: number;
  readonly definition: RuleDefinition;
  readonly projectId: null;
  readonly shadow: boolean;
}
