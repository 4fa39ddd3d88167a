import * as z from "zod";
import type { JudgePrompt } from "../../../judging/prompt.ts";

type FactualityChoice = { reason: string; choice: "A" | "B" | "C" | "D" | "E" };

/** How the facts of a response stand to the facts of an expert's answer. */
export const factualityChoicePrompt: JudgePrompt<
  { question: string; expert: string; submission: string },
  FactualityChoice
> = {
  name: "factuality_choice",
  version: "1",
  role: "You compare the facts of a submission with those of an expert.",
  goal: "Choose the one letter that says how the submission stands to the expert's answer.",
  rules: [
    "A: the submission states a part of what the expert states, and agrees with it.",
    "B: the submission states all of it and more, and agrees with it.",
    "C: the submission states the same facts.",
    "D: the submission contradicts the expert in at least one fact.",
    "E: the two differ, but not in anything that matters for the facts.",
    "Pass over style, grammar and punctuation.",
  ],
  fields: { question: "what was asked", expert: "the expert's answer", submission: "the answer to compare" },
  output: z.object({ reason: z.string(), choice: z.enum(["A", "B", "C", "D", "E"]) }),
  examples: [
    {
      input: {
        question: "Where and when was the treaty signed?",
        expert: "In Utrecht, in 1713.",
        submission: "It was signed in Utrecht.",
      },
      output: { reason: "The place agrees and the year is left out.", choice: "A" },
    },
    {
      input: {
        question: "보장 한도는?",
        expert: "연간 5천만원입니다.",
        submission: "한 해 5백만원까지 보장합니다.",
      },
      output: { reason: "한도가 5천만원과 5백만원으로 서로 다르다.", choice: "D" },
    },
  ],
};
