import * as z from "zod";
import type { JudgePrompt } from "../../../judging/prompt.ts";
import type { ClaimVerdicts } from "./claim-verdicts.ts";
import { everyIndexOnce } from "./every-index.ts";

/** Which statements of an answer bear on the question. */
export const statementRelevancePrompt: JudgePrompt<
  { question: string; statements: readonly string[] },
  ClaimVerdicts
> = {
  name: "statement_relevance",
  version: "1",
  role: "You check whether an answer keeps to its question.",
  goal: 'For every statement of the answer, say "yes" if it helps to answer the question, "no" if it has nothing to do with it, and "idk" if it may serve as background.',
  rules: [
    "Judge relevance only. A false statement about what was asked is relevant.",
    "Give exactly one verdict for every statement, with its index.",
  ],
  fields: { question: "what was asked", statements: "what the answer says" },
  output: z.object({
    verdicts: z.array(
      z.object({ index: z.int(), reason: z.string(), verdict: z.enum(["yes", "no", "idk"]) }),
    ),
  }),
  check: ({ verdicts }, { statements }) => everyIndexOnce(verdicts, statements.length, "statement"),
  examples: [
    {
      input: {
        question: "How do I reset the router?",
        statements: [
          "Hold the button for ten seconds.",
          "The lamp then blinks.",
          "Our office has a new carpet.",
        ],
      },
      output: {
        verdicts: [
          { index: 0, reason: "It is the way to reset.", verdict: "yes" },
          { index: 1, reason: "It tells how a reset shows, which is background.", verdict: "idk" },
          { index: 2, reason: "A carpet has nothing to do with a router.", verdict: "no" },
        ],
      },
    },
    {
      input: { question: "면책 기간이 있나요?", statements: ["가입 후 90일은 보장하지 않습니다."] },
      output: { verdicts: [{ index: 0, reason: "면책 기간을 직접 답한다.", verdict: "yes" }] },
    },
  ],
};
