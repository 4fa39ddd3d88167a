import * as z from "zod";
import type { JudgePrompt } from "../../../judging/prompt.ts";

type ContextUsefulness = { reason: string; verdict: 0 | 1 };

/** Whether one retrieved context was useful to reach an answer. */
export const contextUsefulnessPrompt: JudgePrompt<
  { question: string; answer: string; context: string },
  ContextUsefulness
> = {
  name: "context_usefulness",
  version: "1",
  role: "You judge what a search brought up.",
  goal: "Decide whether the context was useful to arrive at the answer to the question: 1 if it was, 0 if it was not.",
  rules: [
    "A context is useful when at least one fact that the answer rests on can be found in it.",
    "Being about the same subject is not enough.",
  ],
  fields: {
    question: "what was asked",
    answer: "the answer to arrive at",
    context: "one text that the search brought up",
  },
  output: z.object({ reason: z.string(), verdict: z.literal([0, 1]) }),
  examples: [
    {
      input: {
        question: "When does the pool close?",
        answer: "At nine in the evening.",
        context: "Opening hours of the pool: 7:00 to 21:00.",
      },
      output: { reason: "It gives the closing time 21:00, which is nine in the evening.", verdict: 1 },
    },
    {
      input: {
        question: "보험료 납입 기간은 얼마나 되나요?",
        answer: "20년입니다.",
        context: "보험료는 매월 자동이체로 납입할 수 있습니다.",
      },
      output: { reason: "납입 방법만 있고 납입 기간은 없다.", verdict: 0 },
    },
  ],
};
