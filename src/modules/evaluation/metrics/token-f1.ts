import * as z from "zod";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { fMeasure, share } from "../text/f-measure.ts";
import { ngramCounts, overlapOf } from "../text/ngram-counts.ts";
import { tokenize } from "../text/tokenizers.ts";
import { readPair } from "./case-reading.ts";
import { Measure, Tokenizer } from "./lexical-options.ts";

const options = z.strictObject({
  tokenizer: Tokenizer.default("korean-particle"),
  measure: Measure.default("f1"),
  /**
   * `squad`: the SQuAD normalisation, both empty 1, one empty 0. `evalvault`: sets of tokens, a token with a digit
   * weighs 2, both empty 1, one empty 0.
   */
  compat: z.enum(["none", "squad", "evalvault"]).default("none"),
});

/**
 * Overlap of the token multisets of output and reference: P = overlap / output tokens, R = overlap / reference tokens,
 * score F1 (or P or R). Source: the SQuAD v1.1 evaluation, Rajpurkar et al. 2016.
 */
export const tokenF1 = defineMetric({
  name: "token_f1",
  title: { en: "Token F1", ko: "토큰 F1" },
  family: "lexical",
  direction: "higher",
  range: [0, 1],
  needs: ["output", "reference"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Rajpurkar et al. 2016 (SQuAD) F1",
  options,
  score(evaluationCase, { tokenizer, measure, compat }) {
    const pair = readPair(evaluationCase, compat !== "none");
    if (!pair.ok) return pair.result;
    const name = compat === "squad" ? "squad" : tokenizer;
    const output = weigh(tokenize(name, pair.value.output), compat === "evalvault");
    const reference = weigh(tokenize(name, pair.value.reference), compat === "evalvault");
    const [outputTotal, referenceTotal] = [sum(output), sum(reference)];
    if (referenceTotal === 0 && compat === "none") return notApplicable("no_reference_tokens");
    if (outputTotal === 0 && referenceTotal === 0)
      return scored(1, [{ kind: "tokens", data: { tokenizer: name } }]);
    const overlap = overlapOf(output, reference);
    const precision = share(overlap, outputTotal);
    const recall = share(overlap, referenceTotal);
    const f1 = fMeasure(precision, recall);
    const data = {
      tokenizer: name,
      overlap,
      outputTokens: outputTotal,
      referenceTokens: referenceTotal,
      precision,
      recall,
      f1,
    };
    return scored({ f1, precision, recall }[measure], [{ kind: "overlap", data }]);
  },
});

function weigh(tokens: readonly string[], asWeightedSet: boolean): Map<string, number> {
  if (!asWeightedSet) return ngramCounts(tokens, 1);
  return new Map(tokens.map((token) => [token, /\p{Nd}/u.test(token) ? 2 : 1]));
}

function sum(counts: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}
