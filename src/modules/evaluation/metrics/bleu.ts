import * as z from "zod";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { ngramCounts, ngramTotal, overlapOf } from "../text/ngram-counts.ts";
import { tokenize } from "../text/tokenizers.ts";
import { readPair } from "./case-reading.ts";
import { chosenTokenizer, TokenizerOrAuto } from "./lexical-options.ts";

const options = z.strictObject({
  tokenizer: TokenizerOrAuto.default("auto"),
  maxOrder: z.int().min(1).max(9).default(4),
  /** Stop at the longest n-gram the output has; off, a short output is 0, as in corpus BLEU. */
  effectiveOrder: z.boolean().default(true),
  smoothing: z.enum(["exp", "floor", "add-k", "none"]).default("exp"),
  /** The value of `floor` (0.1 when absent) and `add-k` (1 when absent). */
  smoothingValue: z.number().positive().optional(),
  lowercase: z.boolean().default(false),
  /** `sacrebleu`: an empty output scores 0. */
  compat: z.enum(["none", "sacrebleu"]).default("none"),
});

/**
 * Sentence BLEU, 0 to 1: brevity penalty × geometric mean of the clipped n-gram precisions, with the smoothing and the
 * effective order of sacrebleu. Korean has no word BLEU worth the name: `auto` counts characters there. Source:
 * Papineni et al. 2002; Chen and Cherry 2014 (smoothing); Post 2018 (sacrebleu).
 */
export const bleu = defineMetric({
  name: "bleu",
  title: { en: "BLEU (sentence)", ko: "BLEU (문장)" },
  family: "lexical",
  direction: "higher",
  range: [0, 1],
  needs: ["output", "reference"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Papineni et al. 2002; Post 2018 (sacrebleu)",
  options,
  score(evaluationCase, chosen) {
    const pair = readPair(evaluationCase, chosen.compat === "sacrebleu");
    if (!pair.ok) return pair.result;
    const tokenizer = chosenTokenizer(chosen.tokenizer, pair.value.reference);
    const cased = (text: string): string => (chosen.lowercase ? text.toLowerCase() : text);
    const output = tokenize(tokenizer, cased(pair.value.output));
    const reference = tokenize(tokenizer, cased(pair.value.reference));
    if (reference.length === 0 && chosen.compat === "none") return notApplicable("no_reference_tokens");
    const orders = Array.from({ length: chosen.maxOrder }, (_, index) => index + 1);
    const matches = orders.map((n) => overlapOf(ngramCounts(output, n), ngramCounts(reference, n)));
    const totals = orders.map((n) => ngramTotal(output.length, n));
    const penalty = brevityPenalty(output.length, reference.length);
    const precisions = smoothed(matches, totals, chosen.smoothing, chosen.smoothingValue);
    const order = chosen.effectiveOrder ? precisions.length : chosen.maxOrder;
    const score = matches.some((count) => count > 0) ? penalty * geometricMean(precisions, order) : 0;
    const lengths = { outputTokens: output.length, referenceTokens: reference.length };
    return scored(score, [
      { kind: "ngrams", data: { tokenizer, matches, totals, precisions, penalty, order, ...lengths } },
    ]);
  },
});

function brevityPenalty(output: number, reference: number): number {
  if (output >= reference) return 1;
  return output === 0 ? 0 : Math.exp(1 - reference / output);
}

/** One precision for each order the output has n-grams of. */
function smoothed(
  matches: readonly number[],
  totals: readonly number[],
  method: string,
  value: number | undefined,
): number[] {
  const precisions: number[] = [];
  let halving = 1;
  for (const [index, count] of matches.entries()) {
    const added = method === "add-k" && index > 0 ? (value ?? 1) : 0;
    const match = count + added;
    const total = (totals[index] ?? 0) + added;
    if (total === 0) break;
    if (match > 0) precisions.push(match / total);
    else if (method === "exp") {
      halving *= 2;
      precisions.push(1 / (halving * total));
    } else precisions.push(method === "floor" ? (value ?? 0.1) / total : 0);
  }
  return precisions;
}

function geometricMean(precisions: readonly number[], order: number): number {
  if (precisions.length < order || precisions.some((precision) => precision === 0)) return 0;
  return Math.exp(precisions.reduce((sum, precision) => sum + Math.log(precision), 0) / order);
}
