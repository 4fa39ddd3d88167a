import { describe, expect, it } from "vitest";
import { numberAccuracy } from "../../../../../src/modules/evaluation/metrics/number-accuracy.ts";
import { resultOf, scoreOf } from "./score-of.ts";

describe("number_accuracy", () => {
  it.each([
    ["사망보험금은 1,000,000원입니다.", "100만원"],
    ["5천만원을 지급합니다", "50,000,000원"],
    ["보장 금액은 1억 5천만원입니다.", "150,000,000원"],
    ["일억 오천만 원", "1억 5천만원"],
    ["납입 기간은 12개월입니다", "1년"],
    ["It pays $1.5 million.", "$1,500,000"],
    ["3만~5만원입니다", "3~5만원"],
  ])("finds the numbers of %s right against %s", async (output, reference) => {
    expect(await scoreOf(numberAccuracy, { output, reference })).toBe(1);
  });

  it.each([
    ["아니오, 1억원이 아닙니다", "1억원"],
    ["1억원", "1억 5천만원"],
    ["30일 초과", "30일 이상"],
    ["20%입니다", "20년"],
    ["금액은 알려드릴 수 없습니다", "1억원"],
  ])("finds the numbers of %s wrong against %s", async (output, reference) => {
    expect(await scoreOf(numberAccuracy, { output, reference })).toBe(0);
  });

  it("takes a corrected number for the one that is affirmed", async () => {
    expect(await scoreOf(numberAccuracy, { output: "1억원이 아니라 2억원입니다", reference: "2억원" })).toBe(
      1,
    );
    expect(await scoreOf(numberAccuracy, { output: "1억원이 아니라 2억원입니다", reference: "1억원" })).toBe(
      0,
    );
  });

  it("punishes numbers besides the right one, but not those of the question", async () => {
    const parts = {
      output: "5년 납입하면 70% 또는 80%가 환급됩니다",
      reference: "70%",
      input: "5년 납입 후 해지하면?",
    };
    const result = await resultOf(numberAccuracy, parts);
    expect(result.score).toBeCloseTo(2 / 3, 12);
    expect(result.evidence).toContainEqual(expect.objectContaining({ kind: "extra_number", text: "80%" }));
    expect(await scoreOf(numberAccuracy, parts, { ignoreQuestionNumbers: false })).toBeCloseTo(0.5, 12);
    expect(await scoreOf(numberAccuracy, parts, { measure: "recall" })).toBe(1);
  });

  it("does not apply to a reference without numbers", async () => {
    expect(await scoreOf(numberAccuracy, { output: "1억원", reference: "서울" })).toBe(
      "no_reference_quantities",
    );
    expect(await scoreOf(numberAccuracy, { output: "1억원" })).toBe("no_reference");
  });
});

describe("number_accuracy and section labels", () => {
  it("asks for a cited article only where the reference is nothing else", async () => {
    expect(await scoreOf(numberAccuracy, { output: "1억원입니다", reference: "제3조에 따라 1억원" })).toBe(1);
    expect(await scoreOf(numberAccuracy, { output: "제5조에 따라 1억원입니다", reference: "1억원" })).toBe(1);
    expect(await scoreOf(numberAccuracy, { output: "제4조입니다", reference: "제3조" })).toBe(0);
  });

  it("takes a very long run of digits for an identifier", async () => {
    expect(await scoreOf(numberAccuracy, { output: "1", reference: "9".repeat(400) })).toBe(
      "no_reference_quantities",
    );
  });
});
