import * as z from "zod";
import type { JudgePrompt } from "../../../judging/prompt.ts";
import { everyIndexOnce } from "./every-index.ts";

type SupportVerdicts = { verdicts: { index: number; reason: string; verdict: 0 | 1 }[] };

/** Natural language inference: which statements follow from a text. */
export const supportVerdictsPrompt: JudgePrompt<
  { context: string; statements: readonly string[] },
  SupportVerdicts
> = {
  name: "support_verdicts",
  version: "1",
  role: "You check statements against a text.",
  goal: "For every statement, decide whether it can be inferred directly from the context: 1 if it can, 0 if it cannot.",
  rules: [
    "1 needs support for the whole statement; one wrong or missing number, date, name, condition or negation makes it 0.",
    "What is merely plausible, or true in the world but absent from the context, is 0.",
    "Give exactly one verdict for every statement, with its index.",
  ],
  fields: { context: "the only source that counts", statements: "the statements to check" },
  output: z.object({
    verdicts: z.array(z.object({ index: z.int(), reason: z.string(), verdict: z.literal([0, 1]) })),
  }),
  check: ({ verdicts }, { statements }) => everyIndexOnce(verdicts, statements.length, "statement"),
  examples: [
    {
      input: {
        context: "The museum opens at ten on weekdays. Admission is free for children under twelve.",
        statements: ["The museum opens at ten on Sundays.", "A ten-year-old child pays nothing."],
      },
      output: {
        verdicts: [
          { index: 0, reason: "The context gives the opening time of weekdays only.", verdict: 0 },
          { index: 1, reason: "Ten is under twelve, and such children enter free.", verdict: 1 },
        ],
      },
    },
    {
      input: {
        context:
          "암 진단비는 최초 1회에 한하여 3천만원을 지급합니다. 가입 후 90일 이내의 진단은 보장하지 않습니다.",
        statements: ["암 진단비는 3천만원이다.", "암으로 진단될 때마다 진단비를 지급한다."],
      },
      output: {
        verdicts: [
          { index: 0, reason: "문맥에 암 진단비가 3천만원이라고 적혀 있다.", verdict: 1 },
          { index: 1, reason: "문맥은 최초 1회에 한하여 지급한다고 한다.", verdict: 0 },
        ],
      },
    },
  ],
};
