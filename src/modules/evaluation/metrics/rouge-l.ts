import * as z from "zod";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { fMeasure, share } from "../text/f-measure.ts";
import { lcsIndices, lcsLength } from "../text/longest-common-subsequence.ts";
import { ngramCounts } from "../text/ngram-counts.ts";
import { type TokenizerName, tokenize } from "../text/tokenizers.ts";
import { readPair } from "./case-reading.ts";
import { Measure, Tokenizer } from "./lexical-options.ts";

/** Token pairs beyond these are refused. Summary level keeps a bit for each pair of tokens of two lines. */
const maxPairs = { sentence: 2_500_000_000, summary: 250_000_000 } as const;
const maxLinePairs = 250_000;

const options = z.strictObject({
  /** `sentence` is ROUGE-L, `summary` ROUGE-Lsum: the union of the subsequences of each reference line. */
  variant: z.enum(["sentence", "summary"]).default("sentence"),
  tokenizer: Tokenizer.default("unicode-word"),
  measure: Measure.default("f1"),
  /** `rouge-score`: ASCII words, an empty side scores 0. */
  compat: z.enum(["none", "rouge-score"]).default("none"),
});

/**
 * ROUGE-L: the longest common subsequence L of the tokens, P = L / output tokens, R = L / reference tokens, F1. The
 * tokenizer is in the evidence. Pairs of some 50,000 tokens each (for `summary` 16,000 in one line, or 500
 * lines) are `text_too_long`. Source: Lin 2004, sections 3.1 and 3.2, with the clipped counts of the rouge-score package.
 */
export const rougeL = defineMetric({
  name: "rouge_l",
  title: { en: "ROUGE-L", ko: "ROUGE-L" },
  family: "lexical",
  direction: "higher",
  range: [0, 1],
  needs: ["output", "reference"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Lin 2004 (ROUGE)",
  options,
  score(evaluationCase, { variant, tokenizer, measure, compat }) {
    const pair = readPair(evaluationCase, compat !== "none");
    if (!pair.ok) return pair.result;
    const name = compat === "rouge-score" ? "ascii-word" : tokenizer;
    const output = linesOf(variant, name, pair.value.output);
    const reference = linesOf(variant, name, pair.value.reference);
    const [outputTokens, referenceTokens] = [output.flat().length, reference.flat().length];
    if (referenceTokens === 0 && compat === "none") return notApplicable("no_reference_tokens");
    const tooLong =
      longest(output) * longest(reference) > maxPairs[variant] ||
      outputTokens * referenceTokens > maxPairs.sentence ||
      output.length * reference.length > maxLinePairs;
    if (tooLong) {
      return notApplicable("text_too_long", [{ kind: "length", data: { outputTokens, referenceTokens } }]);
    }
    const common =
      variant === "sentence" ? lcsLength(reference.flat(), output.flat()) : unionLength(reference, output);
    const precision = share(common, outputTokens);
    const recall = share(common, referenceTokens);
    const f1 = fMeasure(precision, recall);
    const data = { tokenizer: name, variant, common, outputTokens, referenceTokens, precision, recall, f1 };
    return scored({ f1, precision, recall }[measure], [{ kind: "subsequence", data }]);
  },
});

function linesOf(variant: "sentence" | "summary", tokenizer: TokenizerName, text: string): string[][] {
  const lines = variant === "sentence" ? [text] : text.split("\n");
  return lines.map((line) => tokenize(tokenizer, line)).filter((tokens) => tokens.length > 0);
}

function longest(lines: readonly (readonly string[])[]): number {
  return lines.reduce((most, line) => Math.max(most, line.length), 0);
}

/** Tokens of the reference that some output line shares in order, each counted no more often than either side has it. */
function unionLength(
  reference: readonly (readonly string[])[],
  output: readonly (readonly string[])[],
): number {
  const left = ngramCounts(reference.flat(), 1);
  const right = ngramCounts(output.flat(), 1);
  let hits = 0;
  for (const line of reference) {
    const union = new Set(output.flatMap((other) => lcsIndices(line, other)));
    for (const index of union) {
      const token = line[index] ?? "";
      const [a, b] = [left.get(token) ?? 0, right.get(token) ?? 0];
      if (a === 0 || b === 0) continue;
      hits += 1;
      left.set(token, a - 1);
      right.set(token, b - 1);
    }
  }
  return hits;
}
