import type { EvaluationCase } from "../../../../contracts/evaluation-case.ts";

/**
 * A cautious guess of the tokens in a text, for previews and token buckets before the provider has counted: a letter
 * of Hangul, kana or Han as one token, anything else as a quarter of a character.
 */
export function estimateTokens(text: string): number {
  let wide = 0;
  let narrow = 0;
  for (const letter of text) {
    if (/[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af]/u.test(letter)) wide++;
    else narrow++;
  }
  return wide + Math.ceil(narrow / 4);
}

interface CallEstimate {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Instructions, schema and examples of a typical judge prompt. */
const promptTokens = 600;

/**
 * A guess of what one judge call about a case uses: the prompt's own text, every text of the case, and an answer of
 * about half the response (statements or verdicts with reasons) but at least 80 tokens.
 */
export function estimateJudgeCall(evaluationCase: EvaluationCase): CallEstimate {
  const { input, output, reference, contexts } = evaluationCase;
  const question = typeof input === "string" ? input : input.map((message) => message.content).join("\n");
  const texts = [question, output ?? "", reference ?? "", ...contexts.map((context) => context.text)];
  const inputTokens = promptTokens + texts.reduce((sum, text) => sum + estimateTokens(text), 0);
  return { inputTokens, outputTokens: Math.max(80, Math.ceil(estimateTokens(output ?? "") / 2)) };
}
