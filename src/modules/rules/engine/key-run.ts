import type { MaruEvent } from "../../../../contracts/events.ts";
import type { ActionOccasion, RuleAction } from "../../../../contracts/rule-actions.ts";
import type { Json } from "../../../kernel/json.ts";
import type { Bindings } from "../expr/expr.ts";
import { chainAfter, spanOf } from "./chain.rules.ts";
import type { CompiledRule, NamedTemplate } from "./compile/compiled-rule.ts";
import { effectKeyOf } from "./match-id.ts";
import type { Labels, Output, SuppressionReason, Values } from "./outputs.ts";
import type { KeyState } from "./state.ts";

/** One step of one key: the state it changes, in place, and what it says. */
export class KeyRun {
  readonly rule: CompiledRule;
  readonly state: KeyState;
  readonly now: number;
  readonly outputs: Output[] = [];
  /** While a past is worked out again nothing is said. */
  muted = false;
  private base: Labels | undefined;

  constructor(rule: CompiledRule, state: KeyState, now: number) {
    this.rule = rule;
    this.state = state;
    this.now = now;
  }

  emit(output: Output): void {
    if (!this.muted) this.outputs.push(output);
  }

  common(at: number): { lineage: string; key: readonly Json[]; at: number } {
    return { lineage: this.rule.lineage, key: this.state.key, at };
  }

  /** The labels that the parts of the key give. */
  get baseLabels(): Labels {
    this.base ??= baseLabelsOf(this.rule, this.state.key);
    return this.base;
  }
}

function baseLabelsOf(rule: CompiledRule, key: readonly Json[]): Labels {
  const labels: Record<string, string> = {};
  for (const [i, name] of rule.keyLabels.entries()) {
    const part = key[i];
    labels[name] =
      typeof part === "string" ? part : part === null || part === undefined ? "" : JSON.stringify(part);
  }
  return labels;
}

export function render(templates: readonly NamedTemplate[], bindings: Bindings): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { name, template } of templates) texts[name] = template.render(bindings);
  return texts;
}

export interface Occasion {
  readonly occasion: ActionOccasion;
  readonly at: number;
  readonly matchId: string;
  readonly values: Values;
  readonly labels: Labels;
  readonly annotations: Labels;
}

/** Says that an action is to be done, or why it is not. */
export function emitEffect(
  run: KeyRun,
  action: RuleAction,
  occasion: Occasion,
  suppressed: readonly SuppressionReason[],
): void {
  const { tenantId, lineage } = run.rule;
  const { chain } = run.state;
  run.emit({
    ...run.common(occasion.at),
    kind: "effect",
    effectKey: effectKeyOf(tenantId, lineage, run.state.key, occasion.matchId, action.id),
    occasion: occasion.occasion,
    action,
    matchId: occasion.matchId,
    values: occasion.values,
    labels: occasion.labels,
    annotations: occasion.annotations,
    suppressed,
    ...(chain === undefined ? {} : { visited: chain.visited }),
  });
}

/** Notes which rules an event came through, for what follows from it. */
export function noteChain({ rule, state }: KeyRun, event: MaruEvent, at: number): void {
  if (state.chain === undefined && event.verified !== "internal") return;
  const chain = chainAfter(state.chain, event, at, spanOf(rule.trigger));
  if (chain === undefined) delete state.chain;
  else state.chain = chain;
}

/** Whether an action was sent less than its cooldown ago. What was held back does not count as sent. */
export function coolsDown(run: KeyRun, action: RuleAction, sentAt: number | undefined, at: number): boolean {
  const cooldownMs = action.cooldownMs ?? run.rule.definition.cooldownMs;
  return sentAt !== undefined && cooldownMs > 0 && at >= sentAt && at - sentAt < cooldownMs;
}
