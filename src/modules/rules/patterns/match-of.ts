import type { EventBuffer } from "./event-buffer.ts";
import type { HeldMatch, PatternMatch } from "./pattern-state.ts";

/** A complete match as it is told: its events, its times and what names it. */
export function matchOf(
  buffer: EventBuffer,
  [node, , firstAt, endAt, clocked]: HeldMatch,
  leaves: readonly string[],
  now: number,
): PatternMatch {
  const vars = buffer.refs(node, leaves);
  const refs = Object.values(vars).flat();
  const inputs = new Set(refs.map((ref) => JSON.stringify([ref.source, ref.id])));
  return {
    vars,
    startAt: node === 0 ? endAt : firstAt,
    endAt,
    detectedAt: now,
    matchIdInputs: [...[...inputs].sort(), ...(clocked === 1 ? [`@${endAt}`] : [])],
  };
}
