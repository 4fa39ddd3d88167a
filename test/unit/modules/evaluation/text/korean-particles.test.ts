import { describe, expect, it } from "vitest";
import { splitParticle } from "../../../../../src/modules/evaluation/text/korean-particles.ts";

describe("splitParticle", () => {
  it.each([
    ["보험금을", "보험금", "을"],
    ["보험료는", "보험료", "는"],
    ["보험료만", "보험료", "만"],
    ["회사의", "회사", "의"],
    ["서울에서", "서울", "에서"],
    ["서울로", "서울", "로"],
    ["고객으로", "고객", "으로"],
    ["계약자와", "계약자", "와"],
    ["가입자에게는", "가입자", "에게는"],
    ["15만원입니다", "15만원", "입니다"],
    ["지급됩니다", "지급", "됩니다"],
    ["정도는", "정도", "는"],
    ["평가를", "평가", "를"],
    ["1억원이며", "1억원", "이며"],
  ])("cuts %s", (word, stem, particle) => {
    expect(splitParticle(word)).toEqual({ stem, particle });
  });

  it.each([
    "한도",
    "결과",
    "효과",
    "평가",
    "차이",
    "나이",
    "미만",
    "초과",
    "도로",
    "주의",
    "사고",
    "은행",
    "높이",
    "premium",
    "이",
  ])("keeps %s whole", (word) => {
    expect(splitParticle(word)).toEqual({ stem: word, particle: "" });
  });
});
