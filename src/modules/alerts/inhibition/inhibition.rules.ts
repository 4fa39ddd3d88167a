import type { InhibitionRule, Labels } from "../../../../contracts/alerts.ts";
import { hashParts } from "../hash-parts.ts";
import { compileMatchers, type LabelTest } from "../matching/matchers.rules.ts";

/** An alert as a source of inhibition: which rule, which values of its `equal` labels. */
export interface InhibitionSource {
  readonly ruleKey: string;
  readonly equalKey: string;
  /** The target matchers hold for it too, so it can't mute others of which both hold. */
  readonly both: boolean;
}

interface CompiledRule {
  readonly id: string;
  readonly key: string;
  readonly source: LabelTest;
  readonly target: LabelTest;
  readonly equal: readonly string[];
}

/** The rules of inhibition, ready to be asked. `key` of a rule changes with what it says. */
export class Inhibitions {
  readonly #rules: readonly CompiledRule[];

  constructor(rules: readonly InhibitionRule[]) {
    this.#rules = rules.map((rule) => ({
      id: rule.id,
      key: hashParts([rule.source, rule.target, rule.equal]).slice(0, 16),
      source: compileMatchers(rule.source),
      target: compileMatchers(rule.target),
      equal: rule.equal.toSorted(),
    }));
  }

  /** Where an alert may mute others while it fires. */
  sourcesOf(labels: Labels): InhibitionSource[] {
    return this.#rules
      .filter((rule) => rule.source(labels))
      .map((rule) => ({ ruleKey: rule.key, equalKey: equalKey(rule, labels), both: rule.target(labels) }));
  }

  /** By which sources an alert would be muted; `sourceToo` asks for sources that are not targets themselves. */
  targetsOf(labels: Labels): { ruleId: string; ruleKey: string; equalKey: string; sourceToo: boolean }[] {
    return this.#rules
      .filter((rule) => rule.target(labels))
      .map((rule) => ({
        ruleId: rule.id,
        ruleKey: rule.key,
        equalKey: equalKey(rule, labels),
        sourceToo: rule.source(labels),
      }));
  }
}

/** A label that is missing on both sides is equal, and so is one that is missing on one and empty on the other. */
function equalKey({ equal }: CompiledRule, labels: Labels): string {
  return JSON.stringify(equal.map((name) => (Object.hasOwn(labels, name) ? labels[name] : "")));
}
