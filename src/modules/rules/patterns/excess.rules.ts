import type { PartialMatch } from "./pattern-state.ts";

/**
 * The partial matches that stay when at most `most` may: the oldest go first. The one at `start` that has taken nothing
 * yet is where new matches begin, so it always stays.
 */
export function withoutExcess(
  partials: readonly PartialMatch[],
  most: number,
  start: number,
): readonly PartialMatch[] {
  let excess = partials.length - most;
  if (excess <= 0) return partials;
  return partials.filter(([stage, node]) => {
    if (excess === 0 || (node === 0 && stage === start)) return true;
    excess -= 1;
    return false;
  });
}
