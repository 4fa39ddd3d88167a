import type { Contiguity, EventStep, GroupStep } from "../../../../contracts/rule-patterns.ts";

/** What may stand between the repetitions of a step. */
export function betweenRepetitions({
  consecutive,
  allowCombinations,
}: Pick<EventStep | GroupStep, "consecutive" | "allowCombinations">): Contiguity {
  if (consecutive) return "next";
  return allowCombinations ? "followedByAny" : "followedBy";
}
