import * as z from "zod";
import { notApplicable, scored } from "../../metric.ts";
import { judgedMetric } from "./judged-metric.ts";
import { shareOf } from "./precision-recall.rules.ts";
import { byIndex } from "./prompts/every-index.ts";
import {
  closedAnswersPrompt,
  keyPhraseQuestionsPrompt,
  keyPhrasesPrompt,
} from "./prompts/summary-questions.ts";
import { SourceField, sourceText } from "./source-text.ts";

const Options = z.strictObject({
  source: SourceField.default("auto"),
  lengthPenalty: z.boolean().default(true),
  /** Weight of conciseness. */
  coefficient: z.number().min(0).max(1).default(0.5),
  /** Ragas adds 1e-10 to the length of the text. */
  compat: z.enum(["none", "ragas"]).default("none"),
});

/**
 * (1 − c)·QA + c·conciseness, in [0, 1]: QA the share of closed questions about the text's key phrases that the summary
 * answers yes; conciseness 1 − min(|S|, |T|) / |T| in code points; c = 0.5. Source: Ragas summary_score.
 */
export const summarizationQa = judgedMetric<z.infer<typeof Options>>({
  name: "summarization_qa",
  title: { en: "Summarization (questions)", ko: "요약 품질(질문 기준)" },
  direction: "higher",
  range: [0, 1],
  needs: ["output"],
  usesEmbeddings: false,
  source: "Ragas summary_score",
  options: Options,
  expectedJudgeCalls: () => 3,
  async run(parts, { source, lengthPenalty, coefficient, compat }, bench) {
    const text = sourceText(parts, source);
    if (text.trim() === "") return notApplicable("no_source_text");
    const { keyphrases } = await bench.ask(keyPhrasesPrompt, { text });
    if (keyphrases.length === 0) return notApplicable("no_key_phrases");
    const { questions } = await bench.ask(keyPhraseQuestionsPrompt, { text, keyphrases });
    if (questions.length === 0) return notApplicable("no_questions");
    const { answers } = await bench.ask(closedAnswersPrompt, { text: parts.output, questions });
    const ordered = byIndex(answers);
    const qa = shareOf(ordered.map(({ answer }) => answer === "yes")) ?? 0;
    const full = [...text].length;
    const conciseness =
      1 - Math.min([...parts.output].length, full) / (full + (compat === "ragas" ? 1e-10 : 0));
    const evidence = [
      { kind: "qa", verdict: qa },
      { kind: "conciseness", verdict: conciseness },
      ...ordered.map(({ index, answer }) => ({
        kind: "question",
        text: questions[index] ?? "",
        verdict: answer,
      })),
    ];
    return scored(lengthPenalty ? (1 - coefficient) * qa + coefficient * conciseness : qa, evidence);
  },
});
