import type { RuleDefinition } from "../../../contracts/rules.ts";
import { canonicalJson } from "../../kernel/json.ts";

/** What the state of a rule depends on: a change of these begins a new lineage. */
const decisive = [
  "sources",
  "time",
  "key",
  "keyLabels",
  "nullKey",
  "trigger",
  "condition",
  "outcome",
  "ordered",
] as const;

/**
 * What a change means for the state that a rule has gathered: `compatible` where only texts, times and actions differ,
 * `new_lineage` where keys, windows, patterns or conditions do; the first version has none.
 */
export function compatibilityOf(
  before: RuleDefinition | null,
  after: RuleDefinition,
): "compatible" | "new_lineage" {
  if (before === null) return "new_lineage";
  const same = decisive.every((field) => canonicalJson(before[field]) === canonicalJson(after[field]));
  return same ? "compatible" : "new_lineage";
}
