import * as z from "zod";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { readTurns } from "./case-reading.ts";
import { jaccard } from "./jaccard.rules.ts";

const options = z.strictObject({
  /** Drift up to this is within tolerance in the evidence; `metadata.driftTolerance` of a case goes before it. */
  tolerance: z.number().min(0).max(1).default(0.1),
});

/**
 * 1 - Jaccard index of the tokens of the first user turn and the last assistant turn; lower is better.
 * `too_few_turns` when either is missing. Source: EvalVault drift rate.
 */
export const conversationDrift = defineMetric({
  name: "conversation_drift",
  title: { en: "Conversation drift (lexical)", ko: "대화 이탈도 (어휘 기반)" },
  family: "conversation",
  direction: "lower",
  range: [0, 1],
  needs: ["messages"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "EvalVault drift_rate",
  options,
  score(evaluationCase, { tolerance }) {
    const turns = readTurns(evaluationCase);
    if (!turns.ok) return turns.result;
    const first = turns.value.find((turn) => turn.role === "user");
    const last = turns.value.findLast((turn) => turn.role === "assistant");
    if (first === undefined || last === undefined) return notApplicable("too_few_turns");
    const similarity = jaccard(first.content, last.content);
    if (similarity === undefined) return notApplicable("no_content_tokens");
    const own = evaluationCase.metadata.driftTolerance;
    const limit = typeof own === "number" ? own : tolerance;
    return scored(1 - similarity, [
      { kind: "drift", verdict: 1 - similarity <= limit, data: { tolerance: limit } },
    ]);
  },
});
