import * as z from "zod";
import type { JudgePrompt } from "../../../judging/prompt.ts";

/** Splits a response into statements that stand alone. */
export const statementsPrompt: JudgePrompt<{ question: string; response: string }, { statements: string[] }> =
  {
    name: "statements",
    version: "1",
    role: "You break answers down into the statements they make.",
    goal: "List every statement of fact or advice that the response makes, each as one short sentence that can be understood alone.",
    rules: [
      "Replace every pronoun and every elliptical subject by what it stands for, using the question and the response.",
      "Keep numbers, units, conditions, negations and hedges exactly as the response has them. Add nothing.",
      "A refusal to answer, a greeting or a question to the user makes no statement.",
      "If the response makes no statement, give an empty list.",
    ],
    fields: { question: "what was asked, for context only", response: "the text to break down" },
    output: z.object({ statements: z.array(z.string().min(1)) }),
    examples: [
      {
        input: {
          question: "Who designed the lighthouse and when was it lit?",
          response: "It was designed by Mara Lindqvist, who also built the harbour, and first lit in 1871.",
        },
        output: {
          statements: [
            "Mara Lindqvist designed the lighthouse.",
            "Mara Lindqvist built the harbour.",
            "The lighthouse was first lit in 1871.",
          ],
        },
      },
      {
        input: {
          question: "입원하면 얼마를 받나요?",
          response: "하루 3만원을 받습니다. 다만 4일째부터 지급되며 120일을 넘을 수 없습니다.",
        },
        output: {
          statements: [
            "입원하면 하루 3만원을 받는다.",
            "입원 급여는 입원 4일째부터 지급된다.",
            "입원 급여는 120일을 넘을 수 없다.",
          ],
        },
      },
      {
        input: {
          question: "What is the refund period?",
          response: "I'm sorry, I don't have that information.",
        },
        output: { statements: [] },
      },
    ],
  };
