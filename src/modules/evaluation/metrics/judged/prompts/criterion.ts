import * as z from "zod";
import type { JudgePrompt } from "../../../judging/prompt.ts";

type CriterionVerdict = { reason: string; verdict: "Y" | "N" };

/** Whether a submission meets one criterion. */
export const criterionPrompt: JudgePrompt<
  { task: string; submission: string; criterion: string },
  CriterionVerdict
> = {
  name: "criterion",
  version: "1",
  role: "You assess submitted answers.",
  goal: 'Decide whether the submission meets the criterion: "Y" or "N".',
  rules: [
    "Think the criterion through step by step in the reason before you decide.",
    "Nothing but the criterion counts.",
  ],
  fields: { task: "what was asked", submission: "the answer given", criterion: "what it must meet" },
  output: z.object({ reason: z.string(), verdict: z.enum(["Y", "N"]) }),
  examples: [
    {
      input: { task: "Name a prime above ten.", submission: "15", criterion: "The number is prime." },
      output: { reason: "15 is 3 times 5, so it is not prime.", verdict: "N" },
    },
    {
      input: {
        task: "해지 방법을 알려 주세요.",
        submission: "앱의 계약 화면에서 해지할 수 있습니다.",
        criterion: "경로를 한 가지 이상 알려 준다.",
      },
      output: { reason: "앱의 계약 화면이라는 경로를 알려 준다.", verdict: "Y" },
    },
  ],
};
