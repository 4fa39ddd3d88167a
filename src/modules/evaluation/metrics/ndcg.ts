import * as z from "zod";
import { defineMetric, scored } from "../metric.ts";
import { readRanked, retrievalOptions } from "./ranked-contexts.ts";

const options = z.strictObject({
  k: z.int().min(1).max(10_000).default(10),
  /** `jarvelin`: the gain itself. `burges`: 2^gain - 1. */
  gain: z.enum(["jarvelin", "burges"]).default("jarvelin"),
  ...retrievalOptions,
});

/**
 * nDCG@k: DCG = Σ gain / log2(rank + 1) over the ideal DCG of all judged documents cut at k, so that a relevant document
 * that was not retrieved costs. Gains are the `score` of the reference contexts, 1 when they have none. Source: Järvelin
 * and Kekäläinen 2002; Burges et al. 2005.
 */
export const ndcg = defineMetric({
  name: "ndcg",
  title: { en: "nDCG", ko: "nDCG" },
  family: "retrieval",
  direction: "higher",
  range: [0, 1],
  needs: ["contexts", "referenceContexts"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Järvelin and Kekäläinen 2002; Burges et al. 2005",
  options,
  score(evaluationCase, { k, gain, ...choice }) {
    const ranked = readRanked(evaluationCase, choice);
    if (!ranked.ok) return ranked.result;
    const { gains, judgedGains, judgedBy } = ranked.value;
    const dcg = discounted(gains, k, gain);
    const ideal = discounted(judgedGains, k, gain);
    return scored(dcg / ideal, [
      { kind: "ranking", data: { k, gain, dcg, ideal, judgedBy, gains: gains.slice(0, k) } },
    ]);
  },
});

function discounted(gains: readonly number[], k: number, form: "jarvelin" | "burges"): number {
  return gains
    .slice(0, k)
    .reduce((sum, gain, index) => sum + (form === "burges" ? 2 ** gain - 1 : gain) / Math.log2(index + 2), 0);
}
