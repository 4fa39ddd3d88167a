import * as z from "zod";
import type { CaseMessage } from "../../../../contracts/evaluation-case.ts";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { readTurns } from "./case-reading.ts";
import { jaccard } from "./jaccard.rules.ts";

const options = z.strictObject({
  /** `evalvault`: fewer than two turns score 1. */
  compat: z.enum(["none", "evalvault"]).default("none"),
});

/**
 * The mean Jaccard index of the tokens of neighbouring turns; a turn with contexts is read by its contexts.
 * `too_few_turns` below two. Source: EvalVault context coherence.
 */
export const conversationCoherence = defineMetric({
  name: "conversation_coherence",
  title: { en: "Conversation coherence (lexical)", ko: "대화 일관성 (어휘 기반)" },
  family: "conversation",
  direction: "higher",
  range: [0, 1],
  needs: ["messages"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "EvalVault context_coherence",
  options,
  score(evaluationCase, { compat }) {
    const turns = readTurns(evaluationCase);
    if (!turns.ok) return turns.result;
    const evidence = turns.value.slice(1).flatMap((turn, index) => {
      const previous = turns.value[index];
      const similarity = previous === undefined ? undefined : jaccard(textOf(previous), textOf(turn));
      return similarity === undefined
        ? []
        : [{ kind: "pair", verdict: similarity, data: { from: index + 1, to: index + 2 } }];
    });
    if (evidence.length === 0) return compat === "evalvault" ? scored(1) : notApplicable("too_few_turns");
    return scored(evidence.reduce((sum, piece) => sum + piece.verdict, 0) / evidence.length, evidence);
  },
});

function textOf(turn: CaseMessage): string {
  const contexts = (turn.contexts ?? []).filter((context) => context !== "");
  return contexts.length > 0 ? contexts.join(" ") : turn.content;
}
