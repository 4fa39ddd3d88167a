import * as z from "zod";
import { defineMetric, scored } from "../metric.ts";
import { readRanked, retrievalOptions } from "./ranked-contexts.ts";

const options = z.strictObject({ k: z.int().min(1).max(10_000).default(5), ...retrievalOptions });

/**
 * Relevant contexts among the first k, over all relevant documents there are, retrieved or not. Source: Manning,
 * Raghavan and Schütze 2008, chapter 8.
 */
export const recallAtK = defineMetric({
  name: "recall_at_k",
  title: { en: "Recall at k", ko: "재현율@k" },
  family: "retrieval",
  direction: "higher",
  range: [0, 1],
  needs: ["contexts", "referenceContexts"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Manning, Raghavan and Schütze 2008, chapter 8",
  options,
  score(evaluationCase, { k, ...choice }) {
    const ranked = readRanked(evaluationCase, choice);
    if (!ranked.ok) return ranked.result;
    const { relevant, relevantTotal, judgedBy } = ranked.value;
    const hits = relevant.slice(0, k).filter(Boolean).length;
    return scored(hits / relevantTotal, [{ kind: "ranking", data: { k, hits, relevantTotal, judgedBy } }]);
  },
});
