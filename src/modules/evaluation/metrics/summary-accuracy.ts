import * as z from "zod";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { readContexts, readOutput } from "./case-reading.ts";
import { entitiesIn } from "./domain-entities.ts";

const options = z.strictObject({
  /** `evalvault`: an output without entities scores 0.5 when the contexts have some, else 0; no context 0. */
  compat: z.enum(["none", "evalvault"]).default("none"),
});

/**
 * Entities of the summary (amounts, shares, periods, dates, condition words) that the contexts state, over those of
 * the summary. `no_entities` when the summary states none. Source: EvalVault `summary_accuracy`.
 */
export const summaryAccuracy = defineMetric({
  name: "summary_accuracy",
  title: { en: "Summary accuracy", ko: "요약 정확도" },
  family: "domain",
  direction: "higher",
  range: [0, 1],
  needs: ["output", "contexts"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "EvalVault summary_accuracy",
  options,
  score(evaluationCase, { compat }) {
    const output = readOutput(evaluationCase);
    if (!output.ok) return output.result;
    const contexts = readContexts(evaluationCase);
    if (!contexts.ok) return compat === "evalvault" ? scored(0) : contexts.result;
    const supported = entitiesIn(contexts.value.join("\n"));
    const stated = entitiesIn(output.value);
    if (stated.size === 0) {
      return compat === "evalvault" ? scored(supported.size > 0 ? 0.5 : 0) : notApplicable("no_entities");
    }
    const evidence = [...stated].map(([key, text]) => ({
      kind: "entity",
      text,
      verdict: supported.has(key),
      data: { key },
    }));
    return scored(evidence.filter((piece) => piece.verdict).length / stated.size, evidence);
  },
});
