import * as z from "zod";
import type { JudgePrompt } from "../../../judging/prompt.ts";

/** Takes the factual claims out of any text. */
export const claimsPrompt: JudgePrompt<{ text: string }, { claims: string[] }> = {
  name: "claims",
  version: "1",
  role: "You take factual claims out of texts.",
  goal: "List every factual claim that the text makes, each understandable without the text.",
  rules: [
    "Keep who, what, when and how much together when they belong together; do not take a number away from what it measures.",
    "Opinions, questions, greetings and advice are not claims. Take a claim even if you know it to be false.",
    "If there is no claim, give an empty list.",
  ],
  fields: { text: "the text to read" },
  output: z.object({ claims: z.array(z.string().min(1)) }),
  examples: [
    {
      input: {
        text: "Hello! The ferry to Skarholm takes 40 minutes and leaves twice a day. It is a lovely trip.",
      },
      output: {
        claims: ["The ferry to Skarholm takes 40 minutes.", "The ferry to Skarholm leaves twice a day."],
      },
    },
    {
      input: { text: "해지환급금은 3년이 지나면 원금의 80%입니다." },
      output: { claims: ["해지환급금은 가입 후 3년이 지나면 원금의 80%이다."] },
    },
  ],
};
