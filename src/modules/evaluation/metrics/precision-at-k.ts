import * as z from "zod";
import { defineMetric, scored } from "../metric.ts";
import { rankOptions, readRanked } from "./ranked-contexts.ts";

const options = z.strictObject({
  k: z.int().min(1).max(10_000).default(5),
  ...rankOptions,
  /** `evalvault`: divide by the number retrieved when that is under k. */
  compat: z.enum(["none", "evalvault"]).default("none"),
});

/**
 * Relevant contexts among the first k, over k. A list shorter than k is not forgiven, and a duplicate counts once.
 * Source: Manning, Raghavan and Schütze 2008, chapter 8.
 */
export const precisionAtK = defineMetric({
  name: "precision_at_k",
  title: { en: "Precision at k", ko: "정밀도@k" },
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
    const top = ranked.value.relevant.slice(0, k);
    const hits = top.filter(Boolean).length;
    const bottom = compat === "evalvault" ? Math.max(1, top.length) : k;
    return scored(hits / bottom, [
      { kind: "ranking", data: { k, hits, relevant: top, judgedBy: ranked.value.judgedBy } },
    ]);
  },
});
