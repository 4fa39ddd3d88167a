import * as z from "zod";
import type { JudgePrompt } from "../../../judging/prompt.ts";

type Grain = "low" | "high";

const text = "The Alder plan covers dental care up to 500 euros a year, and glasses every two years.";
const whole = {
  "low low": ["The Alder plan covers dental care and glasses within limits."],
  "low high": ["The Alder plan covers dental care up to 500 euros a year and glasses every two years."],
  "high low": ["The Alder plan covers dental care.", "The Alder plan covers glasses."],
  "high high": [
    "The Alder plan covers dental care.",
    "The Alder plan covers dental care up to 500 euros a year.",
    "The Alder plan covers glasses.",
    "The Alder plan covers glasses every two years.",
  ],
} as const;
const korean = {
  "low low": ["상해 입원은 조건에 따라 보장된다."],
  "low high": ["상해 입원은 하루 5만원씩 180일까지 보장된다."],
  "high low": ["상해 입원은 보장된다."],
  "high high": ["상해 입원은 하루 5만원이 보장된다.", "상해 입원은 180일까지 보장된다."],
} as const;

/**
 * Breaks a text into claims at one of four grains: `atomicity` high makes a claim for each single fact, `coverage` high
 * keeps every detail, low only the main ones.
 */
export function claimDecompositionPrompt(
  atomicity: Grain,
  coverage: Grain,
): JudgePrompt<{ text: string }, { claims: string[] }> {
  const grain = `${atomicity} ${coverage}` as const;
  return {
    name: `claim_decomposition_${atomicity}_${coverage}`,
    version: "1",
    role: "You break texts down into claims that can be checked.",
    goal: "List the claims of the text, each understandable alone, with pronouns replaced by what they stand for.",
    rules: [
      atomicity === "high"
        ? "Make each claim as small as possible: one single fact."
        : "Keep facts that stand in one sentence together in one claim.",
      coverage === "high"
        ? "Cover everything that the text says, with every detail."
        : "Cover the main points only, and leave details out.",
      "Add nothing that the text does not say. If there is no claim, give an empty list.",
    ],
    fields: { text: "the text to break down" },
    output: z.object({ claims: z.array(z.string().min(1)) }),
    examples: [
      { input: { text }, output: { claims: [...whole[grain]] } },
      {
        input: { text: "상해로 입원하면 하루 5만원을 180일까지 보장합니다." },
        output: { claims: [...korean[grain]] },
      },
    ],
  };
}
