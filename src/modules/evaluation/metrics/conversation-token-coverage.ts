import * as z from "zod";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { readTurns } from "./case-reading.ts";
import { tokenCoverage } from "./token-coverage.rules.ts";

const options = z.strictObject({});

/**
 * The mean over the assistant turns that have contexts of their own of the share of their content tokens found in
 * those contexts: the shape of conversation faithfulness, with token coverage in the place of a judge. Turns without
 * contexts are left out; `no_turn_contexts` when no turn has any. Source: EvalVault turn faithfulness, lexical variant.
 */
export const conversationTokenCoverage = defineMetric({
  name: "conversation_token_coverage",
  title: { en: "Conversation token coverage (lexical)", ko: "대화 컨텍스트 토큰 포함률 (어휘 기반)" },
  family: "conversation",
  direction: "higher",
  range: [0, 1],
  needs: ["messages", "contexts"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "EvalVault turn_faithfulness, with token coverage in place of a judge",
  options,
  score(evaluationCase) {
    const turns = readTurns(evaluationCase);
    if (!turns.ok) return turns.result;
    const evidence = turns.value.flatMap((turn, index) => {
      if (turn.role !== "assistant" || (turn.contexts ?? []).length === 0) return [];
      const covered = tokenCoverage(turn.content, turn.contexts ?? []);
      return covered === undefined
        ? []
        : [{ kind: "turn", verdict: covered.share, data: { turn: index + 1 } }];
    });
    if (evidence.length === 0) return notApplicable("no_turn_contexts");
    return scored(evidence.reduce((sum, piece) => sum + piece.verdict, 0) / evidence.length, evidence);
  },
});
