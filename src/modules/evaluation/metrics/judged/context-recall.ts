import * as z from "zod";
import { notApplicable, scored } from "../../metric.ts";
import { judgedMetric } from "./judged-metric.ts";
import { shareOf } from "./precision-recall.rules.ts";
import { referenceAttributionPrompt } from "./prompts/reference-attribution.ts";

const Options = z.strictObject({
  /** DeepEval and autoevals give 0 to a reference without sentences. */
  compat: z.enum(["none", "deepeval", "autoevals"]).default("none"),
});

/**
 * Share of the reference's sentences that can be attributed to the retrieved contexts, in [0, 1].
 * Source: Ragas context_recall.
 */
export const contextRecall = judgedMetric<z.infer<typeof Options>>({
  name: "context_recall",
  title: { en: "Context recall", ko: "문맥 재현율" },
  direction: "higher",
  range: [0, 1],
  needs: ["input", "reference", "contexts"],
  usesEmbeddings: false,
  source: "Ragas context_recall",
  options: Options,
  expectedJudgeCalls: () => 1,
  async run({ question, reference, contexts }, { compat }, bench) {
    const { sentences } = await bench.ask(referenceAttributionPrompt, {
      question,
      context: contexts.join("\n"),
      reference,
    });
    const recall = shareOf(sentences.map(({ attributed }) => attributed === 1));
    if (recall === null) {
      return compat === "none"
        ? notApplicable("no_statements")
        : scored(0, [{ kind: "note", reason: `no sentences: the score of ${compat}` }]);
    }
    return scored(
      recall,
      sentences.map(({ sentence, attributed, reason }) => ({
        kind: "sentence",
        text: sentence,
        verdict: attributed,
        reason,
      })),
    );
  },
});
