import * as z from "zod";
import { defineMetric, scored } from "../metric.ts";
import { readIds } from "./context-similarity.ts";

const options = z.strictObject({});

/** Reference ids that were retrieved, over the distinct reference ids. Source: Ragas `IDBasedContextRecall`. */
export const contextRecallId = defineMetric({
  name: "context_recall_id",
  title: { en: "Context recall (ids)", ko: "컨텍스트 재현율 (식별자)" },
  family: "retrieval",
  direction: "higher",
  range: [0, 1],
  needs: ["contexts", "referenceContexts"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Ragas IDBasedContextRecall",
  options,
  score(evaluationCase) {
    const ids = readIds(evaluationCase);
    if (!ids.ok) return ids.result;
    const { retrieved, reference } = ids.value;
    const evidence = [...reference].map((id) => ({
      kind: "reference_context_id",
      text: id,
      verdict: retrieved.has(id),
    }));
    return scored(evidence.filter((piece) => piece.verdict).length / reference.size, evidence);
  },
});
