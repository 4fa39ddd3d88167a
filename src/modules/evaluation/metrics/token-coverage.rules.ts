import { contentTokens } from "../text/content-words.ts";

export interface Coverage {
  readonly share: number;
  readonly total: number;
  readonly missing: readonly string[];
}

/**
 * The share of the distinct content tokens of `text` (Korean particles off, function words out) that occur in `sources`.
 * Undefined when `text` has no content token.
 */
export function tokenCoverage(text: string, sources: readonly string[]): Coverage | undefined {
  const wanted = new Set(contentTokens(text, "korean-particle"));
  if (wanted.size === 0) return undefined;
  const known = new Set(sources.flatMap((source) => contentTokens(source, "korean-particle")));
  const missing = [...wanted].filter((token) => !known.has(token));
  return { share: 1 - missing.length / wanted.size, total: wanted.size, missing };
}
