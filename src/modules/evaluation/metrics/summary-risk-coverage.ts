import * as z from "zod";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { readOutput } from "./case-reading.ts";
import { hasPhrase, searchable } from "./domain-phrases.ts";
import { expectedTags } from "./expected-tags.ts";
import { riskTags } from "./insurance-vocabulary.ts";

const options = z.strictObject({
  /** The tags to expect where the case names none. */
  expected: z.array(z.enum(Object.keys(riskTags))).default([]),
  /** `evalvault`: no expected tag scores 1, an unknown tag counts as not covered. */
  compat: z.enum(["none", "evalvault"]).default("none"),
});

/**
 * Expected risk tags (`metadata.summary_tags`: exclusion, deductible, limit, waiting_period, condition,
 * documents_required, needs_followup) whose words the summary has, over those expected. `no_expected_tags` without any.
 * Tags outside the seven are left out. Source: EvalVault `summary_risk_coverage`.
 */
export const summaryRiskCoverage = defineMetric({
  name: "summary_risk_coverage",
  title: { en: "Summary risk coverage", ko: "요약 위험 고지 범위" },
  family: "domain",
  direction: "higher",
  range: [0, 1],
  needs: ["output"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "EvalVault summary_risk_coverage",
  options,
  score(evaluationCase, { expected, compat }) {
    const output = readOutput(evaluationCase);
    if (!output.ok) return output.result;
    const named = expectedTags(evaluationCase) ?? expected;
    const tags = compat === "evalvault" ? named : named.filter((tag) => Object.hasOwn(riskTags, tag));
    if (tags.length === 0) return compat === "evalvault" ? scored(1) : notApplicable("no_expected_tags");
    const text = searchable(output.value);
    const evidence = tags.map((tag) => {
      const cue = (Object.hasOwn(riskTags, tag) ? riskTags[tag] : undefined)?.find((phrase) =>
        hasPhrase(text, phrase),
      );
      return { kind: "risk_tag", text: tag, verdict: cue !== undefined, data: { cue: cue ?? null } };
    });
    return scored(evidence.filter((piece) => piece.verdict).length / tags.length, evidence);
  },
});
