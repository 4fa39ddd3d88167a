import { describe, expect, it } from "vitest";
import {
  estimateJudgeCall,
  estimateTokens,
} from "../../../../../src/modules/evaluation/judging/tokens.rules.ts";
import { judgedCase } from "../../../../support/judged-case.ts";

describe("the estimate of tokens", () => {
  it("counts a syllable of Korean as one token and four Latin characters as one", () => {
    expect(estimateTokens("")).toBe(0);
    expect(estimateTokens("보험료")).toBe(3);
    expect(estimateTokens("insurance")).toBe(3);
    expect(estimateTokens("월 15만원")).toBe(3 + 1);
    expect(estimateTokens("漢字かな")).toBe(4);
  });

  it("adds the prompt's own text to every text of the case", () => {
    const empty = judgedCase({ input: "", output: null, reference: null, contexts: [] });
    const full = judgedCase({
      input: "가나",
      output: "가".repeat(400),
      reference: "다라마",
      contexts: ["abcd", "바"],
    });
    const [small, large] = [estimateJudgeCall(empty), estimateJudgeCall(full)];
    expect(small.outputTokens).toBe(80);
    expect(large.inputTokens - small.inputTokens).toBe(2 + 400 + 3 + 1 + 1);
    expect(large.outputTokens).toBe(200);
  });
});
