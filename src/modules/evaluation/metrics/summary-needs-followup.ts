import * as z from "zod";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { readOutput } from "./case-reading.ts";
import { hasPhrase, searchable } from "./domain-phrases.ts";
import { expectedTags } from "./expected-tags.ts";
import { followUpPhrases } from "./insurance-vocabulary.ts";

const options = z.strictObject({
  /** `evalvault`: a case without tags expects no follow-up. */
  compat: z.enum(["none", "evalvault"]).default("none"),
});

/**
 * 1 when the summary asks for a follow-up exactly where the tag `needs_followup` in `metadata.summary_tags` wants one,
 * else 0. `no_expected_tags` when the case has no tags. Source: EvalVault `summary_needs_followup`.
 */
export const summaryNeedsFollowup = defineMetric({
  name: "summary_needs_followup",
  title: { en: "Summary follow-up", ko: "후속 확인 안내" },
  family: "domain",
  direction: "higher",
  range: [0, 1],
  needs: ["output"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "EvalVault summary_needs_followup",
  options,
  score(evaluationCase, { compat }) {
    const output = readOutput(evaluationCase);
    if (!output.ok) return output.result;
    const tags = expectedTags(evaluationCase);
    if (tags === undefined && compat === "none") return notApplicable("no_expected_tags");
    const expected = tags?.includes("needs_followup") ?? false;
    const text = searchable(output.value);
    const cue = followUpPhrases.find((phrase) => hasPhrase(text, phrase));
    const verdict = expected === (cue !== undefined);
    return scored(verdict ? 1 : 0, [{ kind: "follow_up", verdict, data: { expected, cue: cue ?? null } }]);
  },
});
