import { parseQuantities } from "../text/quantities.ts";
import { quantityKey } from "../text/quantity-match.ts";
import { termsIn } from "./domain-phrases.ts";
import { conditionKeywords } from "./insurance-vocabulary.ts";

const stated = new Set(["money", "percent", "duration", "date", "count", "time", "measure"]);

/**
 * The facts of an insurance text that a summary must get right, as keys: amounts, shares, lengths of time, dates and
 * counts by value in a base unit (`KRW:50000000`), and condition words by canonical name (`keyword:면책`). Bare numbers and
 * section labels are left out. The value is how the text first writes it.
 */
export function entitiesIn(text: string): Map<string, string> {
  const entities = new Map<string, string>();
  for (const quantity of parseQuantities(text)) {
    const key = quantityKey(quantity);
    if (stated.has(quantity.kind) && !entities.has(key)) entities.set(key, quantity.text);
  }
  for (const term of termsIn(text, conditionKeywords)) entities.set(`keyword:${term}`, term);
  return entities;
}
