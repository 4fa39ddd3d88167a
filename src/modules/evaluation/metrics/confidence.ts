import * as z from "zod";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { fMeasure } from "../text/f-measure.ts";
import { readContexts, readOutput } from "./case-reading.ts";
import { specificityOf } from "./specificity.rules.ts";
import { tokenCoverage } from "./token-coverage.rules.ts";

const options = z.strictObject({
  /** An answer under this is for a human to look at. */
  escalateBelow: z.number().min(0).max(1).default(0.7),
  /** `evalvault`: coverage 0 without contexts. */
  compat: z.enum(["none", "evalvault"]).default("none"),
});

/**
 * 0.4 × coverage + 0.3 × specificity + 0.3 × consistency. Coverage: content tokens of the output found in the contexts.
 * Consistency: token F1 with the reference, or the coverage where there is none. A lexical estimate for routing answers
 * to people, not a probability; the evidence says whether to escalate. Source: EvalVault `confidence`.
 */
export const confidence = defineMetric({
  name: "confidence",
  title: { en: "Confidence (lexical)", ko: "신뢰도 (어휘 기반)" },
  family: "domain",
  direction: "higher",
  range: [0, 1],
  needs: ["output", "contexts"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "EvalVault confidence",
  options,
  score(evaluationCase, { escalateBelow, compat }) {
    const output = readOutput(evaluationCase);
    if (!output.ok) return output.result;
    const contexts = readContexts(evaluationCase);
    if (!contexts.ok && compat === "none") return contexts.result;
    const covered = tokenCoverage(output.value, contexts.ok ? contexts.value : []);
    if (covered === undefined) return notApplicable("no_content_tokens");
    const specificity = specificityOf(output.value);
    const consistency = agreement(output.value, evaluationCase.reference) ?? covered.share;
    const score = Math.min(1, 0.4 * covered.share + 0.3 * specificity.score + 0.3 * consistency);
    const escalate = score < escalateBelow;
    return scored(score, [
      { kind: "escalate", verdict: escalate, data: { escalateBelow } },
      { kind: "parts", data: { coverage: covered.share, specificity: specificity.score, consistency } },
      { kind: "specificity", data: { ...specificity } },
    ]);
  },
});

function agreement(output: string, reference: string | undefined): number | undefined {
  if (reference === undefined) return undefined;
  const recall = tokenCoverage(reference, [output]);
  const precision = tokenCoverage(output, [reference]);
  return recall === undefined || precision === undefined
    ? undefined
    : fMeasure(precision.share, recall.share);
}
