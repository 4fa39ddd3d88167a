import * as z from "zod";
import type { JudgePrompt } from "../../../judging/prompt.ts";

type QuestionOfAnswer = { question: string; noncommittal: 0 | 1 };

/** The question that a response would answer, and whether the response evades. */
export const questionOfAnswerPrompt: JudgePrompt<{ response: string }, QuestionOfAnswer> = {
  name: "question_of_answer",
  version: "1",
  role: "You work out which question an answer belongs to.",
  goal: "Write the one question that the response would be the natural and complete answer to, and say whether the response is noncommittal.",
  rules: [
    "Make the question as specific as the response is.",
    "noncommittal is 1 when the response avoids an answer, stays vague, or says it does not know; else 0.",
    "Write a question even for a noncommittal response: the one it seems to avoid.",
  ],
  fields: { response: "the answer" },
  output: z.object({ question: z.string().regex(/\S/), noncommittal: z.literal([0, 1]) }),
  examples: [
    {
      input: { response: "The bridge is 1,210 metres long." },
      output: { question: "How long is the bridge?", noncommittal: 0 },
    },
    {
      input: { response: "정확한 금액은 제가 알 수 없으니 고객센터에 문의해 주세요." },
      output: { question: "정확한 금액은 얼마인가요?", noncommittal: 1 },
    },
  ],
};
