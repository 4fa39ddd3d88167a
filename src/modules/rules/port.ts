import type { EffectState, RuleEffect } from "../../../contracts/rule-actions.ts";
import type { RuleDefinition } from "../../../contracts/rules.ts";
import type { Actor } from "../../kernel/context.ts";
import type { RuleCounters } from "./engine/shard/shard-store.ts";
import type { Trace } from "./engine/trace.rules.ts";
import type { PollResult } from "./polling/fed-inputs.rules.ts";

/** A version of a rule that is at work: the live one, or one that only watches. */
export interface RuleAtWork {
  readonly ruleId: string;
  readonly version: number;
  readonly lineage: string;
  /** Greater than before in the same lineage: alerts go on, what windows, patterns and baselines gathered does not. */
  readonly stateEpoch: number;
  readonly definition: RuleDefinition;
  readonly projectId: string | null;
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
  readonly effects: EffectCounts;
}

/** How often effects of a rule were sent, died or were held back and why, since its lineage began, and how many wait. */
export interface EffectCounts {
  readonly waiting: number;
  readonly sent: number;
  readonly dead: number;
  readonly suppressed: number;
  readonly reasons: Readonly<Record<string, number>>;
}

export interface EffectQuery {
  readonly ruleId: string;
  readonly state?: EffectState | undefined;
  /** Continue before this place. */
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface EffectsPage {
  readonly items: readonly RuleEffect[];
  /** Continue before this place; null at the end. */
  readonly before: number | null;
}

/** The audit event of what becomes of an effect, stored with it. */
export interface EffectEvent {
  readonly id: string;
  readonly at: number;
  readonly actor: Pick<Actor, "kind" | "id">;
  readonly action: string;
  readonly entity: string;
  readonly projectId?: string;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly requestId: string;
  readonly traceId: string;
  readonly address?: string;
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
  /**
   * Replaces the rules at work, unless it was told of a later `generation` already. Another number of `shards` is taken
   * up where no rule is at work.
   */
  setRules(tenantId: string, rules: readonly RuleAtWork[], generation: number, shards: number): Promise<void>;
  /** Takes what the poll of a due time came to, once; false when no such rule is at work. */
  samples(
    tenantId: string,
    lineage: string,
    at: number,
    intervalMs: number,
    result: PollResult,
  ): Promise<boolean>;
  /** Takes a run of a schedule, once; false when no such rule is at work. */
  run(tenantId: string, lineage: string, scheduledFor: number): Promise<boolean>;
  health(tenantId: string, ruleId: string): Promise<readonly RuleHealth[]>;
  /** What the actions of a rule were to do, the newest first, one shard after the other. */
  effects(tenantId: string, query: EffectQuery): Promise<EffectsPage>;
  /**
   * Lets a dead effect be tried again; the event is kept with it. Answers the state that it was in, which must be `dead`
   * for anything to happen; null when there is no such effect.
   */
  redrive(tenantId: string, ruleId: string, key: string, event: EffectEvent): Promise<EffectState | null>;
  /** How a key of a rule came to where it is; null when nothing is remembered of it. */
  explain(tenantId: string, lineage: string, key: readonly unknown[]): Promise<KeyExplanation | null>;
}

declare module "../../kernel/ports/ports.ts" {
  interface Ports {
    readonly engine: EnginePort;
  }
}
