import * as z from "zod";
import { defineMetric, scored } from "../metric.ts";
import { readBestSimilarities } from "./context-similarity.ts";

const options = z.strictObject({ threshold: z.number().min(0).max(1).default(0.5) });

/**
 * Context recall without a model: the share of reference contexts whose best Levenshtein similarity to a retrieved one
 * is above `threshold`. Source: Ragas `NonLLMContextRecall`.
 */
export const contextRecallString = defineMetric({
  name: "context_recall_string",
  title: { en: "Context recall (string similarity)", ko: "컨텍스트 재현율 (문자열 유사도)" },
  family: "retrieval",
  direction: "higher",
  range: [0, 1],
  needs: ["contexts", "referenceContexts"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Ragas NonLLMContextRecall",
  options,
  score(evaluationCase, { threshold }) {
    const best = readBestSimilarities(evaluationCase, "referenceContexts");
    if (!best.ok) return best.result;
    const evidence = best.value.map((similarity, index) => ({
      kind: "reference_context",
      verdict: similarity > threshold,
      data: { index, similarity },
    }));
    return scored(evidence.filter((piece) => piece.verdict).length / evidence.length, evidence);
  },
});
