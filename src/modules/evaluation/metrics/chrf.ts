import * as z from "zod";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { fMeasure } from "../text/f-measure.ts";
import { ngramCounts, ngramTotal, overlapOf } from "../text/ngram-counts.ts";
import { toNfc } from "../text/normalize.ts";
import { readPair } from "./case-reading.ts";

const options = z.strictObject({
  charOrder: z.int().min(1).max(10).default(6),
  /** 0 is chrF, 2 is chrF++. */
  wordOrder: z.int().min(0).max(4).default(0),
  beta: z.number().positive().default(2),
  lowercase: z.boolean().default(false),
  whitespace: z.boolean().default(false),
  /** Average F over all orders, with 1e-16 for an empty one, as chrF++.py and NLTK do; short texts score far lower. */
  epsSmoothing: z.boolean().default(false),
  /** `sacrebleu`: an empty output or reference scores 0. */
  compat: z.enum(["none", "sacrebleu"]).default("none"),
});

interface OrderCounts {
  readonly matches: number;
  readonly output: number;
  readonly reference: number;
}

/**
 * chrF, 0 to 1: precision and recall of character n-grams of order 1 to 6 (and word n-grams with `wordOrder`), averaged
 * over the orders both sides have, joined by F-beta with beta 2. White space is left out of character n-grams. Counts
 * code points, so it suits Korean. Source: Popović 2015 (chrF), 2017 (chrF++); Post 2018 (sacrebleu).
 */
export const chrf = defineMetric({
  name: "chrf",
  title: { en: "chrF", ko: "chrF" },
  family: "lexical",
  direction: "higher",
  range: [0, 1],
  needs: ["output", "reference"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Popović 2015 and 2017 (chrF, chrF++)",
  options,
  score(evaluationCase, chosen) {
    const pair = readPair(evaluationCase, chosen.compat === "sacrebleu");
    if (!pair.ok) return pair.result;
    const prepare = (text: string): string => toNfc(chosen.lowercase ? text.toLowerCase() : text);
    const [output, reference] = [prepare(pair.value.output), prepare(pair.value.reference)];
    const characters = (text: string): string[] =>
      Array.from(chosen.whitespace ? text : text.replace(/\s+/gu, ""));
    const counts = [
      ...countOrders(characters(output), characters(reference), chosen.charOrder),
      ...countOrders(wordsOf(output), wordsOf(reference), chosen.wordOrder),
    ];
    if (counts.every((order) => order.reference === 0) && chosen.compat === "none")
      return notApplicable("no_reference_tokens");
    const data = {
      tokenizer: "char",
      charOrder: chosen.charOrder,
      wordOrder: chosen.wordOrder,
      beta: chosen.beta,
    };
    const parts = averages(counts);
    const score = chosen.epsSmoothing
      ? smoothedMean(counts, chosen.beta)
      : fMeasure(parts.precision, parts.recall, chosen.beta);
    return scored(score, [{ kind: "ngrams", data: { ...data, ...parts } }]);
  },
});

function countOrders(
  output: readonly string[],
  reference: readonly string[],
  highest: number,
): OrderCounts[] {
  return Array.from({ length: highest }, (_, index) => ({
    matches: overlapOf(ngramCounts(output, index + 1), ngramCounts(reference, index + 1)),
    output: ngramTotal(output.length, index + 1),
    reference: ngramTotal(reference.length, index + 1),
  }));
}

/** Words with one ASCII mark taken off the end, or else off the start, as a word of its own. */
function wordsOf(text: string): string[] {
  return text
    .split(/\s+/u)
    .filter((word) => word !== "")
    .flatMap((word) => {
      if (word.length === 1) return [word];
      if (isMark(word.slice(-1))) return [word.slice(0, -1), word.slice(-1)];
      return isMark(word.slice(0, 1)) ? [word.slice(0, 1), word.slice(1)] : [word];
    });
}

function isMark(character: string): boolean {
  return /[!-/:-@[-`{-~]/.test(character);
}

function averages(counts: readonly OrderCounts[]): { precision: number; recall: number; order: number } {
  const full = counts.filter((order) => order.output > 0 && order.reference > 0);
  const mean = (of: (order: OrderCounts) => number): number =>
    full.length === 0 ? 0 : full.reduce((sum, order) => sum + of(order), 0) / full.length;
  return {
    precision: mean((order) => order.matches / order.output),
    recall: mean((order) => order.matches / order.reference),
    order: full.length,
  };
}

function smoothedMean(counts: readonly OrderCounts[], beta: number): number {
  const eps = 1e-16;
  const total = counts.reduce((sum, order) => {
    const precision = order.output > 0 && order.reference > 0 ? order.matches / order.output : eps;
    const recall = order.reference > 0 ? order.matches / order.reference : eps;
    return sum + (fMeasure(precision, recall, beta) || eps);
  }, 0);
  return total / counts.length;
}
