import { foldText } from "../text/normalize.ts";
import { parseQuantities } from "../text/quantities.ts";

const hedges = [
  /아마/u,
  /것\s?같(?:습|아|다)/u,
  /듯\s?(?:합|해|하)/u,
  /수도?\s?있(?:습|어|다|음)/u,
  /가능성이?\s?있/u,
  /확실하지\s?않/u,
  /(?:잘\s?)?모르/u,
  /불확실/u,
  /추정|예상|짐작/u,
  /생각됩|생각합|보입니다|판단됩/u,
  /\b(?:maybe|perhaps|possibly|probably|apparently|presumably)\b/u,
  /\b(?:might|could be|may be)\b/u,
  /\b(?:i|we) (?:think|believe|guess)\b/u,
  /\bit seems\b|\bseems to\b/u,
  /\b(?:uncertain|unclear|unsure|not sure)\b/u,
  /\b(?:likely|unlikely)\b/u,
];
const certainties = [
  /확실히|분명히|명확히|틀림없이/u,
  /정확히/u,
  /반드시/u,
  /(?:입니다|합니다|됩니다|습니다)[.!]?$/u,
  /\b(?:definitely|certainly|clearly|undoubtedly)\b/u,
  /\b(?:exactly|precisely|specifically)\b/u,
  /\babsolutely\b/u,
];

/** Steps from EvalVault's confidence metric: the level of hedging or of certainty for so many different cues. */
function level(cues: number, steps: readonly number[]): number {
  return steps[Math.min(cues, steps.length - 1)] ?? 0;
}

export interface Specificity {
  readonly score: number;
  readonly length: number;
  readonly detail: number;
  readonly language: number;
  readonly hedges: number;
  readonly certainties: number;
  readonly quantities: number;
}

/**
 * How specific an answer is, 0 to 1: 0.3 × length (best from 5 to 50 characters, 0.7 at 500) + 0.4 × detail (numbers
 * with units: 0.4, 0.7, 0.85, 1 for 0, 1, 2, 3 or more) + 0.3 × language (0.5 + half the certainty - 0.3 of the hedging).
 * Source: EvalVault `confidence`.
 */
export function specificityOf(answer: string): Specificity {
  const text = foldText(answer);
  const hedgeCues = hedges.filter((pattern) => pattern.test(text)).length;
  const certainCues = certainties.filter((pattern) => pattern.test(text)).length;
  const quantities = parseQuantities(answer).length;
  const length = lengthScore(Array.from(text).length);
  const detail = level(quantities, [0.4, 0.7, 0.85, 1]);
  const hedging = level(hedgeCues, [0, 0.3, 0.5, 0.7, 0.7, 0.9]);
  const certainty = level(certainCues, [0, 0.3, 0.5, 0.7]);
  const language = Math.min(1, Math.max(0, 0.5 + 0.5 * certainty - 0.3 * hedging));
  const score = 0.3 * length + 0.4 * detail + 0.3 * language;
  return { score, length, detail, language, hedges: hedgeCues, certainties: certainCues, quantities };
}

function lengthScore(characters: number): number {
  if (characters < 5) return 0.3;
  if (characters <= 50) return 1;
  return characters <= 500 ? 1 - (0.3 * (characters - 50)) / 450 : 0.6;
}
