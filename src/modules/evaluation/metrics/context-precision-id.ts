import * as z from "zod";
import { defineMetric, scored } from "../metric.ts";
import { readIds } from "./context-similarity.ts";

const options = z.strictObject({});

/** Retrieved ids that are reference ids, over the distinct retrieved ids. Source: Ragas `IDBasedContextPrecision`. */
export const contextPrecisionId = defineMetric({
  name: "context_precision_id",
  title: { en: "Context precision (ids)", ko: "컨텍스트 정밀도 (식별자)" },
  family: "retrieval",
  direction: "higher",
  range: [0, 1],
  needs: ["contexts", "referenceContexts"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Ragas IDBasedContextPrecision",
  options,
  score(evaluationCase) {
    const ids = readIds(evaluationCase);
    if (!ids.ok) return ids.result;
    const { retrieved, reference } = ids.value;
    const evidence = [...retrieved].map((id) => ({
      kind: "context_id",
      text: id,
      verdict: reference.has(id),
    }));
    return scored(evidence.filter((piece) => piece.verdict).length / retrieved.size, evidence);
  },
});
