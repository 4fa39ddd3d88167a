import * as z from "zod";
import { defineMetric, scored } from "../metric.ts";
import { rankOptions, readRanked } from "./ranked-contexts.ts";

const options = z.strictObject({ k: z.int().min(1).max(10_000).default(5), ...rankOptions });

/** 1 when any of the first k contexts is relevant, else 0; the mean is the hit rate. Source: ranx `hit_rate`. */
export const hitAtK = defineMetric({
  name: "hit_at_k",
  title: { en: "Hit at k", ko: "적중@k" },
  family: "retrieval",
  direction: "higher",
  range: [0, 1],
  needs: ["contexts", "referenceContexts"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "ranx hit_rate (Bassani 2022)",
  options,
  score(evaluationCase, { k, ...choice }) {
    const ranked = readRanked(evaluationCase, choice);
    if (!ranked.ok) return ranked.result;
    const first = ranked.value.relevant.slice(0, k).indexOf(true);
    const data = { k, firstRank: first < 0 ? null : first + 1, judgedBy: ranked.value.judgedBy };
    return scored(first < 0 ? 0 : 1, [{ kind: "ranking", data }]);
  },
});
