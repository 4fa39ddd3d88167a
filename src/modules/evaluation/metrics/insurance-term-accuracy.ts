import * as z from "zod";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { readContexts, readOutput } from "./case-reading.ts";
import { termsIn } from "./domain-phrases.ts";
import { insuranceTerms } from "./insurance-vocabulary.ts";

const options = z.strictObject({
  /** Terms besides the built-in twenty. */
  terms: z
    .array(z.strictObject({ term: z.string().min(1), variants: z.array(z.string().min(1)).default([]) }))
    .max(1000)
    .default([]),
  /** `evalvault`: no term in the output scores 1, no context 0. */
  compat: z.enum(["none", "evalvault"]).default("none"),
});

/**
 * Insurance terms of the output that the contexts use too, over the terms of the output. Variants and English names
 * count as their canonical term. `no_terms` when the output uses none. Source: EvalVault `insurance_term_accuracy`.
 */
export const insuranceTermAccuracy = defineMetric({
  name: "insurance_term_accuracy",
  title: { en: "Insurance-term accuracy", ko: "보험 용어 정확도" },
  family: "domain",
  direction: "higher",
  range: [0, 1],
  needs: ["output", "contexts"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "EvalVault insurance_term_accuracy",
  options,
  score(evaluationCase, { terms, compat }) {
    const output = readOutput(evaluationCase);
    if (!output.ok) return output.result;
    const known = [
      ...insuranceTerms,
      ...terms.map(({ term, variants }) => ({ term, variants: [term, ...variants] })),
    ];
    const used = termsIn(output.value, known);
    if (used.size === 0) return compat === "evalvault" ? scored(1) : notApplicable("no_terms");
    const contexts = readContexts(evaluationCase);
    if (!contexts.ok) return compat === "evalvault" ? scored(0) : contexts.result;
    const grounded = termsIn(contexts.value.join("\n"), known);
    const evidence = [...used].map((term) => ({ kind: "term", text: term, verdict: grounded.has(term) }));
    return scored(evidence.filter((piece) => piece.verdict).length / used.size, evidence);
  },
});
