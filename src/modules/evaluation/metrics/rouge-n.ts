import * as z from "zod";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { fMeasure, share } from "../text/f-measure.ts";
import { ngramCounts, ngramTotal, overlapOf } from "../text/ngram-counts.ts";
import { tokenize } from "../text/tokenizers.ts";
import { readPair } from "./case-reading.ts";
import { Measure, Tokenizer } from "./lexical-options.ts";

const options = z.strictObject({
  n: z.int().min(1).max(9).default(1),
  tokenizer: Tokenizer.default("unicode-word"),
  measure: Measure.default("f1"),
  /** `rouge-score`: ASCII words, an empty side scores 0. */
  compat: z.enum(["none", "rouge-score"]).default("none"),
});

/**
 * ROUGE-N: overlap of the n-gram multisets of output and reference as P, R and F1. `n_exceeds_reference` when the
 * reference has fewer than n tokens. The tokenizer is in the evidence: the usual ASCII one gives 0 for all Korean text.
 * Source: Lin 2004.
 */
export const rougeN = defineMetric({
  name: "rouge_n",
  title: { en: "ROUGE-N", ko: "ROUGE-N" },
  family: "lexical",
  direction: "higher",
  range: [0, 1],
  needs: ["output", "reference"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Lin 2004 (ROUGE)",
  options,
  score(evaluationCase, { n, tokenizer, measure, compat }) {
    const pair = readPair(evaluationCase, compat !== "none");
    if (!pair.ok) return pair.result;
    const name = compat === "rouge-score" ? "ascii-word" : tokenizer;
    const output = tokenize(name, pair.value.output);
    const reference = tokenize(name, pair.value.reference);
    if (reference.length === 0 && compat === "none") return notApplicable("no_reference_tokens");
    if (reference.length < n && compat === "none") return notApplicable("n_exceeds_reference");
    const overlap = overlapOf(ngramCounts(output, n), ngramCounts(reference, n));
    const precision = share(overlap, ngramTotal(output.length, n));
    const recall = share(overlap, ngramTotal(reference.length, n));
    const f1 = fMeasure(precision, recall);
    return scored({ f1, precision, recall }[measure], [
      { kind: "overlap", data: { tokenizer: name, n, overlap, precision, recall, f1 } },
    ]);
  },
});
