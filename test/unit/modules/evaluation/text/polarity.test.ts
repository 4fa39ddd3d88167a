import { describe, expect, it } from "vitest";
import { isNegated } from "../../../../../src/modules/evaluation/text/polarity.ts";

describe("isNegated", () => {
  it.each([
    ["아니오, 1억원이 아닙니다", "1억원", true],
    ["아니오, 2억원입니다", "2억원", false],
    ["1억원이 아니라 2억원입니다", "1억원", true],
    ["1억원이 아니라 2억원입니다", "2억원", false],
    ["1억원은 지급되지 않습니다", "1억원", true],
    ["1억원은 사고 시 지급되지 않습니다", "1억원", true],
    ["1억원은 지급되지만 위자료는 지급되지 않습니다", "1억원", false],
    ["1억원을 지급하지 않을 수 없습니다", "1억원", false],
    ["1억원뿐만 아니라 2억원도 지급합니다", "1억원", false],
    ["30일을 넘지 않습니다", "30일", false],
    ["자기부담금 없이 1억원을 지급합니다", "1억원", false],
    ["The policy does not pay 100 dollars.", "100 dollars", true],
    ["100 dollars is not paid", "100 dollars", true],
    ["No, it is 5 days", "5 days", false],
    ["It isn't 5 days but 6 days", "5 days", true],
    ["It isn't 5 days but 6 days", "6 days", false],
    ["It pays no more than 5 days", "5 days", false],
    ["Not only 5 days", "5 days", false],
  ])("reads %s about %s", (text, mention, expected) => {
    const from = text.indexOf(mention);
    expect(isNegated(text, from, from + mention.length)).toBe(expected);
  });
});
