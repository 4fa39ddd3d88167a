import * as z from "zod";
import { defineMetric, scored } from "../metric.ts";
import { rankOptions, readRanked } from "./ranked-contexts.ts";

const options = z.strictObject({ k: z.int().min(1).max(10_000).default(10), ...rankOptions });

/**
 * 1 / rank of the first relevant context within k, 0 when there is none; the mean over cases is MRR. Source: Voorhees
 * 1999 (TREC-8 question answering track).
 */
export const reciprocalRank = defineMetric({
  name: "reciprocal_rank",
  title: { en: "Reciprocal rank (MRR)", ko: "역순위 (MRR)" },
  family: "retrieval",
  direction: "higher",
  range: [0, 1],
  needs: ["contexts", "referenceContexts"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Voorhees 1999 (TREC-8)",
  options,
  score(evaluationCase, { k, ...choice }) {
    const ranked = readRanked(evaluationCase, choice);
    if (!ranked.ok) return ranked.result;
    const first = ranked.value.relevant.slice(0, k).indexOf(true);
    const data = { k, firstRank: first < 0 ? null : first + 1, judgedBy: ranked.value.judgedBy };
    return scored(first < 0 ? 0 : 1 / (first + 1), [{ kind: "ranking", data }]);
  },
});
