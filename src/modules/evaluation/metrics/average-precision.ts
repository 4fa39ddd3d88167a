import * as z from "zod";
import { defineMetric, scored } from "../metric.ts";
import { readRanked, retrievalOptions } from "./ranked-contexts.ts";

const options = z.strictObject({
  k: z.int().min(1).max(10_000).default(10),
  ...retrievalOptions,
  /** `ranx`: divide by all relevant documents, also when there are more than k. */
  compat: z.enum(["none", "ranx"]).default("none"),
});

/**
 * AP@k: the sum over relevant ranks i ≤ k of precision at i, over min(k, relevant documents); the mean over cases is
 * MAP. Source: Manning, Raghavan and Schütze 2008, chapter 8.
 */
export const averagePrecision = defineMetric({
  name: "average_precision",
  title: { en: "Average precision (MAP)", ko: "평균 정밀도 (MAP)" },
  family: "retrieval",
  direction: "higher",
  range: [0, 1],
  needs: ["contexts", "referenceContexts"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Manning, Raghavan and Schütze 2008, chapter 8",
  options,
  score(evaluationCase, { k, compat, ...choice }) {
    const ranked = readRanked(evaluationCase, choice);
    if (!ranked.ok) return ranked.result;
    const { relevant, relevantTotal, judgedBy } = ranked.value;
    let [hits, sum] = [0, 0];
    relevant.slice(0, k).forEach((isRelevant, index) => {
      if (!isRelevant) return;
      hits += 1;
      sum += hits / (index + 1);
    });
    const bottom = compat === "ranx" ? relevantTotal : Math.min(k, relevantTotal);
    return scored(sum / bottom, [{ kind: "ranking", data: { k, hits, relevantTotal, judgedBy } }]);
  },
});
