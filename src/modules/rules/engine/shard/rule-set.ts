import type { MaruEvent } from "../../../../../contracts/events.ts";
import { isRuleSource } from "../chain.rules.ts";
import type { CompiledRule } from "../compile/compiled-rule.ts";

/** The rules of a shard, found by what an event is before any expression runs. */
export interface RuleSet {
  readonly all: readonly CompiledRule[];
  /** The rules whose source filter lets an event through, in the order of the set. */
  rulesFor(event: MaruEvent): readonly CompiledRule[];
}

/** Remembered combinations of type and source. */
const remembered = 10_000;

export function ruleSet(rules: readonly CompiledRule[]): RuleSet {
  const known = new Map<string, readonly CompiledRule[]>();
  return {
    all: rules,
    rulesFor: ({ type, sourceid }) => {
      const name = `${sourceid}\n${type}`;
      const found = known.get(name);
      if (found !== undefined) return found;
      const fitting = rules.filter((rule) => listensTo(rule, type, sourceid));
      if (known.size >= remembered) known.clear();
      known.set(name, fitting);
      return fitting;
    },
  };
}

function listensTo({ definition }: CompiledRule, type: string, sourceId: string): boolean {
  const { kind } = definition.trigger;
  if (kind === "metric" || kind === "schedule") return false;
  const { sourceIds, types } = definition.sources;
  // Events of other rules reach only those that ask for them.
  if (isRuleSource(sourceId) && sourceIds.length === 0 && types.length === 0) return false;
  if (sourceIds.length > 0 && !sourceIds.includes(sourceId)) return false;
  return types.length === 0 || types.some((wanted) => fits(wanted, type));
}

function fits(wanted: string, type: string): boolean {
  return wanted.endsWith("*") ? type.startsWith(wanted.slice(0, -1)) : wanted === type;
}
