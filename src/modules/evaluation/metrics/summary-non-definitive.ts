import * as z from "zod";
import { defineMetric, scored } from "../metric.ts";
import { foldText } from "../text/normalize.ts";
import { isNegated } from "../text/polarity.ts";
import { readOutput } from "./case-reading.ts";
import { phraseAt, searchable } from "./domain-phrases.ts";
import { definitivePhrases } from "./insurance-vocabulary.ts";

const options = z.strictObject({
  /** Phrases to forbid besides the built-in ones. */
  phrases: z.array(z.string().min(1)).max(200).default([]),
});

/**
 * 0 when the output uses a word of forbidden certainty (`무조건`, `반드시`, `guaranteed`, `100% 보장`), else 1. One that its
 * clause denies (`반드시 지급되는 것은 아닙니다`) is none; `100%` as a rate of payment is none. Source: EvalVault
 * `summary_non_definitive`.
 */
export const summaryNonDefinitive = defineMetric({
  name: "summary_non_definitive",
  title: { en: "Non-definitive summary", ko: "단정 표현 없음" },
  family: "domain",
  direction: "higher",
  range: [0, 1],
  needs: ["output"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "EvalVault summary_non_definitive",
  options,
  score(evaluationCase, { phrases }) {
    const output = readOutput(evaluationCase);
    if (!output.ok) return output.result;
    const text = searchable(output.value);
    const folded = foldText(output.value);
    const found = [...definitivePhrases, ...phrases].filter((phrase) => {
      const at = phraseAt(text, phrase);
      return at >= 0 && !isNegated(folded, at, at + phrase.length);
    });
    const certain = /100\s?%\s?(?:확실|안전|보장(?!률|비율)|guarantee|certain|safe)/.exec(folded)?.[0];
    const cues = certain === undefined ? found : [...found, certain];
    return scored(
      cues.length === 0 ? 1 : 0,
      cues.map((cue) => ({ kind: "definitive_phrase", text: cue, verdict: false })),
    );
  },
});
