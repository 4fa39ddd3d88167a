import * as z from "zod";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { readContexts, readOutput } from "./case-reading.ts";
import { tokenCoverage } from "./token-coverage.rules.ts";

const options = z.strictObject({});

/**
 * The share of the content tokens of the output that occur in the contexts. A lexical stand-in where no judge is at
 * hand; it sees neither negation nor who did what, so it is not faithfulness. Source: own definition.
 */
export const contextTokenCoverage = defineMetric({
  name: "context_token_coverage",
  title: { en: "Context token coverage", ko: "컨텍스트 토큰 포함률" },
  family: "lexical",
  direction: "higher",
  range: [0, 1],
  needs: ["output", "contexts"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Maru: content tokens of the output found in the contexts",
  options,
  score(evaluationCase) {
    const output = readOutput(evaluationCase);
    if (!output.ok) return output.result;
    const contexts = readContexts(evaluationCase);
    if (!contexts.ok) return contexts.result;
    const covered = tokenCoverage(output.value, contexts.value);
    if (covered === undefined) return notApplicable("no_content_tokens");
    const data = {
      tokenizer: "korean-particle",
      tokens: covered.total,
      missing: covered.missing.slice(0, 50),
    };
    return scored(covered.share, [{ kind: "coverage", data }]);
  },
});
