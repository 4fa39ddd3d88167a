import { prunedBefore } from "./after-match.rules.ts";
import type { BufferNode, HeldMatch, PartialMatch } from "./pattern-state.ts";
import type { CompiledPattern } from "./stage.ts";

export interface ToldMatches {
  /** Matches to report now, in order. */
  readonly told: readonly HeldMatch[];
  /** Matches that wait for one under way that began earlier. */
  readonly held: readonly HeldMatch[];
  readonly partials: readonly PartialMatch[];
}

/**
 * Which complete matches may be reported: by their first events, and in order only as long as no more of them wait than
 * there may be partial matches. Each one takes away those, under way or waiting, that the skip strategy gives up.
 */
export function toldMatches<E>(
  pattern: CompiledPattern<E>,
  complete: readonly HeldMatch[],
  underWay: readonly PartialMatch[],
  pathOf: (node: number) => readonly BufferNode[],
): ToldMatches {
  const { afterMatch, emit, leaves, maxPartialMatches } = pattern;
  const inOrder = emit === "inOrder" && afterMatch.strategy !== "noSkip";
  const told: HeldMatch[] = [];
  let held = [...complete].sort((a, b) => a[1] - b[1]);
  let partials = underWay;
  for (let match = held[0]; match !== undefined; match = held[0]) {
    if (inOrder && held.length <= maxPartialMatches && mayComeFirst(partials, match)) break;
    held.shift();
    told.push(match);
    const bound = prunedBefore(afterMatch, pathOf(match[0]), leaves);
    if (bound > 0) {
      partials = partials.filter((partial) => partial[1] === 0 || partial[2] >= bound);
      held = held.filter((other) => other[0] === 0 || other[1] >= bound);
    }
  }
  return { told, held, partials };
}

/** Whether a match under way began before this one and may still come first. */
function mayComeFirst(partials: readonly PartialMatch[], match: HeldMatch): boolean {
  return match[0] !== 0 && partials.some((partial) => partial[1] !== 0 && partial[2] < match[1]);
}
