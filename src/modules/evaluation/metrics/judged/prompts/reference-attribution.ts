import * as z from "zod";
import type { JudgePrompt } from "../../../judging/prompt.ts";

type ReferenceAttribution = { sentences: { sentence: string; reason: string; attributed: 0 | 1 }[] };

/** Which sentences of a reference answer the contexts account for. */
export const referenceAttributionPrompt: JudgePrompt<
  { question: string; context: string; reference: string },
  ReferenceAttribution
> = {
  name: "reference_attribution",
  version: "1",
  role: "You trace an answer back to its sources.",
  goal: "Go through the reference sentence by sentence, and decide for each whether it can be attributed to the context: 1 if it can, 0 if it cannot.",
  rules: [
    "Copy every sentence of the reference once, in its order, and judge it as a whole.",
    "A sentence that needs anything beyond the context is 0.",
    "If the reference has no sentence, give an empty list.",
  ],
  fields: { question: "what was asked", context: "the retrieved texts", reference: "the reference answer" },
  output: z.object({
    sentences: z.array(z.object({ sentence: z.string(), reason: z.string(), attributed: z.literal([0, 1]) })),
  }),
  examples: [
    {
      input: {
        question: "What is Orla known for?",
        context: "Orla Finch discovered the comet in 1954 and later taught in Leeds.",
        reference: "Orla Finch discovered a comet. She won a medal for it.",
      },
      output: {
        sentences: [
          {
            sentence: "Orla Finch discovered a comet.",
            reason: "The context says she discovered the comet.",
            attributed: 1,
          },
          { sentence: "She won a medal for it.", reason: "No medal is mentioned.", attributed: 0 },
        ],
      },
    },
    {
      input: {
        question: "청구 기한은?",
        context: "보험금은 3년 안에 청구해야 한다.",
        reference: "청구 기한은 3년입니다.",
      },
      output: {
        sentences: [{ sentence: "청구 기한은 3년입니다.", reason: "문맥에 3년이라고 있다.", attributed: 1 }],
      },
    },
  ],
};
