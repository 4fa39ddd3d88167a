import * as z from "zod";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { readContexts, readQuestion } from "./case-reading.ts";
import { tokenCoverage } from "./token-coverage.rules.ts";

const options = z.strictObject({
  /** Only the first k contexts; all when absent. */
  k: z.int().min(1).max(10_000).optional(),
  /** From this share on a context counts as relevant in the evidence. */
  relevantFrom: z.number().min(0).max(1).default(0.35),
});

/**
 * The mean over contexts of the share of the question's content tokens that occur in the context. Lexical, needs no
 * reference. `no_content_tokens` when the question has none. Source: EvalVault `contextual_relevancy`.
 */
export const contextualRelevancy = defineMetric({
  name: "contextual_relevancy",
  title: { en: "Contextual relevancy (lexical)", ko: "컨텍스트 관련성 (어휘 기반)" },
  family: "domain",
  direction: "higher",
  range: [0, 1],
  needs: ["input", "contexts"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "EvalVault contextual_relevancy",
  options,
  score(evaluationCase, { k, relevantFrom }) {
    const question = readQuestion(evaluationCase);
    if (!question.ok) return question.result;
    const contexts = readContexts(evaluationCase);
    if (!contexts.ok) return contexts.result;
    const shares = contexts.value
      .slice(0, k)
      .map((context) => tokenCoverage(question.value, [context])?.share);
    const known = shares.filter((share) => share !== undefined);
    if (known.length === 0) return notApplicable("no_content_tokens");
    return scored(
      known.reduce((sum, share) => sum + share, 0) / known.length,
      known.map((share, index) => ({
        kind: "context",
        verdict: share >= relevantFrom,
        data: { rank: index + 1, share },
      })),
    );
  },
});
