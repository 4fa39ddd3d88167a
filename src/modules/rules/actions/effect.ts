import type { ActionOccasion, HttpSettings, RuleAction } from "../../../../contracts/rule-actions.ts";
import type { RunRequest } from "../../../../contracts/runs.ts";
import type { Json } from "../../../kernel/json.ts";

export type EffectKind = Exclude<RuleAction["kind"], "notify">;

/** What is to be done, with every template filled in; secrets are named, never held. */
export type EffectRequest =
  | {
      readonly kind: "http";
      readonly method: HttpSettings["method"];
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | null;
      readonly secretName: string | null;
      readonly secretUse: HttpSettings["secretUse"];
    }
  | { readonly kind: "job"; readonly run: RunRequest }
  | { readonly kind: "rule"; readonly type: string; readonly data: { readonly [name: string]: Json } };

/** An effect as it is decided; `key` names the decision. */
export interface NewEffect {
  readonly key: string;
  readonly ruleId: string;
  readonly lineage: string;
  readonly version: number;
  readonly projectId: string | null;
  readonly actionId: string;
  readonly kind: EffectKind;
  readonly occasion: ActionOccasion;
  /** Epoch milliseconds in the time of the rule. */
  readonly at: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly target: string;
  readonly delivery: RuleAction["delivery"];
  /** Not empty: recorded, not sent. */
  readonly reasons: readonly string[];
  /** Null where it is larger than what is kept. */
  readonly request: EffectRequest | null;
}

/** An effect whose turn it is. */
export interface ClaimedEffect extends NewEffect {
  /** Counts the effects of a tenant. */
  readonly seq: number;
  /** This attempt of all; 1 is the first. */
  readonly attempt: number;
  /** This attempt since it was last asked for; 1 is the first. */
  readonly tries: number;
}

/** What one attempt came to. */
export type EffectOutcome =
  | { readonly done: true; readonly detail: string; readonly jobId?: string }
  | {
      readonly done: false;
      readonly retryable: boolean;
      readonly retryAfterMs: number;
      readonly detail: string;
    };
