import * as z from "zod";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { ngramCounts, ngramTotal, overlapOf } from "../text/ngram-counts.ts";
import { tokenize } from "../text/tokenizers.ts";
import { readPair } from "./case-reading.ts";
import { chosenTokenizer, TokenizerOrAuto } from "./lexical-options.ts";

const options = z.strictObject({
  tokenizer: TokenizerOrAuto.default("auto"),
  minOrder: z.int().min(1).max(9).default(1),
  maxOrder: z.int().min(1).max(9).default(4),
});

/**
 * GLEU, 0 to 1: the matching n-grams of orders 1 to 4 over the larger of the two totals, that is the smaller of
 * precision and recall. Source: Wu et al. 2016 (Google's neural machine translation), section 4.
 */
export const gleu = defineMetric({
  name: "gleu",
  title: { en: "GLEU", ko: "GLEU" },
  family: "lexical",
  direction: "higher",
  range: [0, 1],
  needs: ["output", "reference"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Wu et al. 2016 (GLEU)",
  options,
  score(evaluationCase, chosen) {
    const pair = readPair(evaluationCase);
    if (!pair.ok) return pair.result;
    const tokenizer = chosenTokenizer(chosen.tokenizer, pair.value.reference);
    const output = tokenize(tokenizer, pair.value.output);
    const reference = tokenize(tokenizer, pair.value.reference);
    let [matches, outputTotal, referenceTotal] = [0, 0, 0];
    for (let n = chosen.minOrder; n <= chosen.maxOrder; n += 1) {
      matches += overlapOf(ngramCounts(output, n), ngramCounts(reference, n));
      outputTotal += ngramTotal(output.length, n);
      referenceTotal += ngramTotal(reference.length, n);
    }
    if (referenceTotal === 0) return notApplicable("no_reference_tokens");
    const score = matches / Math.max(outputTotal, referenceTotal);
    return scored(score, [{ kind: "ngrams", data: { tokenizer, matches, outputTotal, referenceTotal } }]);
  },
});
