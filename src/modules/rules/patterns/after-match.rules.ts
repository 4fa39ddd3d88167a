import type { AfterMatch } from "../../../../contracts/rule-patterns.ts";
import type { BufferNode } from "./pattern-state.ts";

/** Which matches go when one is reported: those whose first event has a lower number than this. */
export function prunedBefore(
  afterMatch: AfterMatch,
  path: readonly BufferNode[],
  leaves: readonly string[],
): number {
  const first = path[0]?.[2];
  const last = path.at(-1)?.[2];
  if (first === undefined || last === undefined) return 0;
  switch (afterMatch.strategy) {
    case "noSkip":
      return 0;
    case "skipToNext":
      return first + 1;
    case "skipPastLast":
      return last + 1;
    default: {
      const leaf = leaves.indexOf(afterMatch.var);
      const taken = path.filter((node) => node[1] === leaf);
      const target = afterMatch.strategy === "skipToFirst" ? taken[0] : taken.at(-1);
      return target?.[2] ?? 0;
    }
  }
}
