import * as z from "zod";
import { defineMetric, scored } from "../metric.ts";
import { detectAbstention } from "../text/abstention.ts";
import { readOutput, readReference } from "./case-reading.ts";

const options = z.strictObject({
  /** `evalvault`: an empty output or reference is an abstention. */
  compat: z.enum(["none", "evalvault"]).default("none"),
});

/**
 * 1 when the output abstains exactly where it should, else 0: a reference that says there is no answer, or
 * `metadata.answerable: false`, asks for an abstention. The evidence names the kind: `true_abstention`, `hallucination`,
 * `false_abstention`, `true_answer` (right or wrong is for other metrics). Source: EvalVault `no_answer_accuracy`, with
 * `detectAbstention` in place of its phrase list.
 */
export const noAnswerAccuracy = defineMetric({
  name: "no_answer_accuracy",
  title: { en: "No-answer accuracy", ko: "무응답 정확도" },
  family: "domain",
  direction: "higher",
  range: [0, 1],
  needs: ["output", "reference"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "EvalVault no_answer_accuracy",
  options,
  score(evaluationCase, { compat }) {
    const output = readOutput(evaluationCase, compat === "evalvault");
    if (!output.ok) return output.result;
    const { answerable } = evaluationCase.metadata;
    let expected = answerable === false;
    if (typeof answerable !== "boolean") {
      const reference = readReference(evaluationCase, compat === "evalvault");
      if (!reference.ok) return reference.result;
      expected = detectAbstention(reference.value).abstains;
    }
    const actual = detectAbstention(output.value);
    const verdict = expected
      ? actual.abstains
        ? "true_abstention"
        : "hallucination"
      : actual.abstains
        ? "false_abstention"
        : "true_answer";
    const data = {
      expected,
      abstains: actual.abstains,
      hedged: actual.hedged ?? false,
      cue: actual.cue ?? null,
    };
    return scored(expected === actual.abstains ? 1 : 0, [{ kind: "abstention", verdict, data }]);
  },
});
