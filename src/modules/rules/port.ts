import type { RuleDefinition } from "../../../contracts/rules.ts";
import type { RuleCounters } from "./engine/shard/shard-store.ts";
import type { Trace } from "./engine/trace.rules.ts";

/** A version of a rule that is at work: the live one, or one that only watches. */
export interface RuleAtWork {
  readonly ruleId: string;
  readonly version: number;
  readonly lineage: string;
  /** Greater than before in the same lineage: alerts go on, what windows, patterns and baselines gathered does not. */
  readonly stateEpoch: number;
  readonly definition: RuleDefinition;
  /** Its effects are held back. */
  readonly shadow: boolean;
}

export interface RuleHealth {
  readonly lineage: string;
  readonly version: number;
  readonly shadow: boolean;
  readonly keys: number;
  readonly degraded: boolean;
  readonly watermark: number | null;
  readonly counters: RuleCounters;
}

export interface KeyExplanation {
  readonly key: readonly unknown[];
  readonly instances: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly status: string;
  }[];
  readonly trace: readonly Trace[];
}

/** A tenant's rule engine: the object that holds the state of its rules. */
export interface EnginePort {
  /** Replaces the rules at work, unless it was told of a later `generation` already. */
  setRules(tenantId: string, rules: readonly RuleAtWork[], generation: number): Promise<void>;
  health(tenantId: string, ruleId: string): Promise<readonly RuleHealth[]>;
  /** How a key of a rule came to where it is; null when nothing is remembered of it. */
  explain(tenantId: string, lineage: string, key: readonly unknown[]): Promise<KeyExplanation | null>;
}

declare module "../../kernel/ports/ports.ts" {
  interface Ports {
    readonly engine: EnginePort;
  }
}
