import { describe, expect, it } from "vitest";
import { detectAbstention } from "../../../../../src/modules/evaluation/text/abstention.ts";

describe("detectAbstention", () => {
  it.each([
    "정보 없음",
    "제공된 문서에는 해당 정보가 없습니다.",
    "알 수 없습니다.",
    "문서에서 확인되지 않습니다. 고객센터에 문의하세요.",
    "죄송하지만 답변드리기 어렵습니다.",
    "약관에 명시되어 있지 않습니다",
    "관련 내용을 찾을 수 없습니다.",
    "모르겠습니다",
    "답변 불가",
    "제공된 문서는 자동차보험에 관한 것입니다. 질문하신 내용은 언급되어 있지 않습니다.",
    "I don't know.",
    "The context does not mention the premium.",
    "It is not specified in the document.",
    "There is no information about this.",
    "Unknown",
    "N/A",
    "I’m sorry, but I cannot answer that.",
    "The answer cannot be determined from the given passage.",
    "Sorry, I do not have enough information to answer.",
  ])("finds that %s abstains", (text) => {
    expect(detectAbstention(text)).toMatchObject({ abstains: true });
  });

  it.each([
    "The unknown risk is covered",
    "알 수 없는 사고도 보장합니다.",
    "면책기간이 없습니다.",
    "자기부담금은 없습니다.",
    "보장되지 않습니다.",
    "정보 제공에 동의하지 않으면 가입이 거절됩니다.",
    "아니오",
    "No",
    "No, it is not covered.",
    "1억원입니다.",
    "None of the exclusions apply to this policy.",
    "You do not need to provide documents.",
    "I do not have diabetes",
    "I cannot recommend this plan.",
  ])("finds that %s answers", (text) => {
    expect(detectAbstention(text)).toMatchObject({ abstains: false });
  });

  it("calls an abstention that goes on to answer hedged", () => {
    expect(detectAbstention("명시되어 있지 않지만 일반적으로 30일입니다.")).toMatchObject({
      abstains: false,
      hedged: true,
    });
    expect(detectAbstention("The document does not mention floods, but fire is covered.")).toMatchObject({
      hedged: true,
    });
    expect(detectAbstention("해당 정보가 없습니다. 보험료는 월 15만원입니다.")).toMatchObject({
      hedged: true,
    });
  });
});
