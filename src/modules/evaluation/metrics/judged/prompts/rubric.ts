import * as z from "zod";
import type { JudgePrompt } from "../../../judging/prompt.ts";

type Sample = { rubric: string; input?: string; output: string; reference?: string };
type RubricVerdict = { reason: string; pass: boolean; score: number };

/** Grades an output by a rubric in free words. */
export const rubricPrompt: JudgePrompt<Sample, RubricVerdict> = {
  name: "rubric",
  version: "1",
  role: "You grade outputs by a rubric.",
  goal: "Say whether the output satisfies the rubric, and give a score from 0 (not at all) to 1 (entirely).",
  rules: ["Only the rubric counts; an output that is good in other ways gains nothing by it."],
  fields: {
    rubric: "what the output must satisfy",
    input: "what was asked, if known",
    output: "the output to grade",
    reference: "an answer that was expected, if known",
  },
  output: z.object({ reason: z.string(), pass: z.boolean(), score: z.number().min(0).max(1) }),
  examples: [
    {
      input: { rubric: "Names at least two fruits.", output: "Apples and pears are in season." },
      output: { reason: "It names apples and pears.", pass: true, score: 1 },
    },
    {
      input: { rubric: "존댓말로 쓰고 담당 부서를 안내한다.", input: "환불해 주세요", output: "그건 안 돼." },
      output: { reason: "반말이며 담당 부서 안내가 없다.", pass: false, score: 0 },
    },
  ],
};

/** Picks the level of a rubric that describes an output. */
export const rubricLevelPrompt: JudgePrompt<
  { levels: readonly string[]; input?: string; output: string; reference?: string },
  { reason: string; index: number }
> = {
  name: "rubric_level",
  version: "1",
  role: "You grade outputs by a rubric with levels.",
  goal: "Choose, by its index, the one level whose description fits the output best.",
  rules: ["When two levels seem to fit, take the one that the output satisfies in every point."],
  fields: {
    levels: "the levels, each with its description",
    input: "what was asked, if known",
    output: "the output to grade",
    reference: "an answer that was expected, if known",
  },
  output: z.object({ reason: z.string(), index: z.int() }),
  check: ({ index }, { levels }) =>
    levels[index] === undefined ? [`There is no level with index ${index}.`] : [],
  examples: [
    {
      input: {
        levels: ["1: wrong", "2: right but incomplete", "3: right and complete"],
        input: "2 + 2, and why?",
        output: "4.",
      },
      output: { reason: "The result is right, the explanation is missing.", index: 1 },
    },
    {
      input: { levels: ["0: 무관하다", "1: 관련 있다"], input: "보험료는?", output: "월 2만원입니다." },
      output: { reason: "보험료를 답한다.", index: 1 },
    },
  ],
};
