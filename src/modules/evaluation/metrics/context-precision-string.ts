import * as z from "zod";
import { defineMetric, scored } from "../metric.ts";
import { readBestSimilarities } from "./context-similarity.ts";

const options = z.strictObject({
  threshold: z.number().min(0).max(1).default(0.5),
  /** `ragas`: 1e-10 is added to the number of useful contexts. */
  compat: z.enum(["none", "ragas"]).default("none"),
});

/**
 * Rank-weighted context precision without a model: a retrieved context is useful when its best Levenshtein similarity
 * to a reference context is at least `threshold`; score = Σ (P@k · useful_k) / useful contexts, 0 when none is. Source:
 * Ragas `NonLLMContextPrecisionWithReference`.
 */
export const contextPrecisionString = defineMetric({
  name: "context_precision_string",
  title: { en: "Context precision (string similarity)", ko: "컨텍스트 정밀도 (문자열 유사도)" },
  family: "retrieval",
  direction: "higher",
  range: [0, 1],
  needs: ["contexts", "referenceContexts"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Ragas NonLLMContextPrecisionWithReference",
  options,
  score(evaluationCase, { threshold, compat }) {
    const best = readBestSimilarities(evaluationCase, "contexts");
    if (!best.ok) return best.result;
    let [useful, sum] = [0, 0];
    const evidence = best.value.map((similarity, index) => {
      const verdict = similarity >= threshold;
      if (verdict) {
        useful += 1;
        sum += useful / (index + 1);
      }
      return { kind: "context", verdict, data: { rank: index + 1, similarity } };
    });
    const bottom = compat === "ragas" ? useful + 1e-10 : Math.max(1, useful);
    return scored(sum / bottom, evidence);
  },
});
