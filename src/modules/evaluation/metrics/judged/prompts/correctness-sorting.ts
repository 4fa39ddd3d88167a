import * as z from "zod";
import type { JudgePrompt } from "../../../judging/prompt.ts";
import { everyIndexOnce } from "./every-index.ts";

type CorrectnessSorting = {
  response: { index: number; reason: string; label: "TP" | "FP" }[];
  reference: { index: number; reason: string; label: "covered" | "FN" }[];
};

/** Sorts the statements of a response and of a reference into what agrees, what is extra and what is missing. */
export const correctnessSortingPrompt: JudgePrompt<
  { question: string; response_statements: readonly string[]; reference_statements: readonly string[] },
  CorrectnessSorting
> = {
  name: "correctness_sorting",
  version: "1",
  role: "You compare an answer with the answer that was expected.",
  goal: 'Label every statement of the response "TP" if one or more statements of the reference support it directly, else "FP"; and label every statement of the reference "covered" if the response says it, else "FN".',
  rules: [
    "Each statement gets exactly one label, with its index.",
    "Different words for the same fact agree; a different number, condition or polarity does not.",
  ],
  fields: {
    question: "what was asked",
    response_statements: "what the answer says",
    reference_statements: "what it should have said",
  },
  output: z.object({
    response: z.array(z.object({ index: z.int(), reason: z.string(), label: z.enum(["TP", "FP"]) })),
    reference: z.array(z.object({ index: z.int(), reason: z.string(), label: z.enum(["covered", "FN"]) })),
  }),
  check: (output, input) => [
    ...everyIndexOnce(output.response, input.response_statements.length, "response statement"),
    ...everyIndexOnce(output.reference, input.reference_statements.length, "reference statement"),
  ],
  examples: [
    {
      input: {
        question: "What does the plant need?",
        response_statements: ["The plant needs full sun.", "The plant needs water every day."],
        reference_statements: ["The plant needs full sun.", "The plant needs sandy soil."],
      },
      output: {
        response: [
          { index: 0, reason: "The reference says the same.", label: "TP" },
          { index: 1, reason: "The reference says nothing of daily water.", label: "FP" },
        ],
        reference: [
          { index: 0, reason: "The response says it.", label: "covered" },
          { index: 1, reason: "The response does not speak of soil.", label: "FN" },
        ],
      },
    },
    {
      input: {
        question: "납입 면제가 되나요?",
        response_statements: ["장해율 50% 이상이면 보험료 납입이 면제된다."],
        reference_statements: ["장해율이 50% 이상이면 이후 보험료를 내지 않는다."],
      },
      output: {
        response: [{ index: 0, reason: "기준 답과 같은 내용이다.", label: "TP" }],
        reference: [{ index: 0, reason: "응답에 같은 내용이 있다.", label: "covered" }],
      },
    },
  ],
};
