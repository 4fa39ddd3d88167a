import * as z from "zod";
import type { JudgePrompt } from "../../../judging/prompt.ts";

/** Turns criteria into steps that an evaluator can follow. */
export const evaluationStepsPrompt: JudgePrompt<{ criteria: string; parts: string }, { steps: string[] }> = {
  name: "evaluation_steps",
  version: "1",
  role: "You design evaluations.",
  goal: "Turn the criteria into three or four short steps that lead an evaluator, who has only the named parts, to a score.",
  rules: [
    "Each step says what to look at or to compare, and what lowers or raises the score.",
    "Follow the criteria; do not widen them.",
  ],
  fields: { criteria: "what is to be valued", parts: "the parts of a sample that the evaluator will have" },
  output: z.object({ steps: z.array(z.string().min(1)).min(1) }),
  examples: [
    {
      input: { criteria: "The output must be polite.", parts: "output" },
      output: {
        steps: [
          "Read the output for its tone and forms of address.",
          "Lower the score for each rude, curt or sarcastic phrase.",
          "Raise it when a refusal or bad news is put kindly.",
        ],
      },
    },
    {
      input: { criteria: "출력의 금액이 기준 답과 같아야 한다.", parts: "output, reference" },
      output: {
        steps: [
          "출력과 기준 답에서 금액과 단위를 모두 찾는다.",
          "서로 다르거나 빠진 금액마다 점수를 낮춘다.",
          "모든 금액이 같으면 가장 높은 점수를 준다.",
        ],
      },
    },
  ],
};

type StepScore = { reason: string; score: number };

/** Scores a sample by steps on a whole-number scale; the bounds are part of the instructions. */
export function stepScorePrompt(
  lowest: number,
  highest: number,
): JudgePrompt<
  { steps: readonly string[]; input?: string; output?: string; reference?: string; context?: string },
  StepScore
> {
  return {
    name: "step_score",
    version: "1",
    role: "You evaluate by a fixed procedure.",
    goal: `Follow the steps one by one, then give one whole number from ${lowest} (worst) to ${highest} (best).`,
    rules: [
      "The steps alone decide what counts.",
      "First the reason, with what raised and what lowered the score, then the score.",
    ],
    fields: {
      steps: "the procedure",
      input: "what was asked, if the procedure needs it",
      output: "what is evaluated",
      reference: "what was expected, if the procedure needs it",
      context: "the sources, if the procedure needs them",
    },
    output: z.object({ reason: z.string(), score: z.int().min(lowest).max(highest) }),
    examples: [
      {
        input: { steps: ["Check that the output names a date."], output: "The meeting is on 4 May." },
        output: { reason: "A date is named.", score: highest },
      },
      {
        input: {
          steps: ["출력이 질문의 언어로 쓰였는지 본다."],
          input: "언제 시작하나요?",
          output: "At nine.",
        },
        output: { reason: "질문은 한국어인데 출력은 영어이다.", score: lowest },
      },
    ],
  };
}
