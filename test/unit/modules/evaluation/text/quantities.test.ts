import { describe, expect, it } from "vitest";
import { parseQuantities } from "../../../../../src/modules/evaluation/text/quantities.ts";
import { quantityKey, sameQuantity } from "../../../../../src/modules/evaluation/text/quantity-match.ts";

function read(text: string): string[] {
  return parseQuantities(text).map(
    ({ value, upper, unit, comparison }) =>
      `${value}${upper === undefined ? "" : `..${upper}`} ${unit || "-"} ${comparison}`,
  );
}

describe("parseQuantities", () => {
  it.each([
    ["1,000,000원", "1000000 KRW eq"],
    ["5천만원", "50000000 KRW eq"],
    ["1억 5천만원", "150000000 KRW eq"],
    ["1억5000만 원", "150000000 KRW eq"],
    ["3천5백만원", "35000000 KRW eq"],
    ["12만 3,456원", "123456 KRW eq"],
    ["1조 2천억원", "1200000000000 KRW eq"],
    ["1.1억원", "110000000 KRW eq"],
    ["100 만원", "1000000 KRW eq"],
    ["천만 원", "10000000 KRW eq"],
    ["만 원", "10000 KRW eq"],
    ["일억 오천만 원", "150000000 KRW eq"],
    ["오백만원", "5000000 KRW eq"],
    ["$1,200.50", "1200.5 USD eq"],
    ["$1.5M", "1500000 USD eq"],
    ["1.5M", "1500000 - eq"],
    ["1.5 million won", "1500000 KRW eq"],
    ["USD 300", "300 USD eq"],
    ["two hundred thousand won", "200000 KRW eq"],
  ])("reads the amount in %s", (text, expected) => {
    expect(read(text)).toEqual([expected]);
  });

  it.each([
    ["12.5%", "12.5 percent eq"],
    ["약 70%가", "70 percent approx"],
    ["삼 퍼센트", "3 percent eq"],
    ["-5%", "-5 percent eq"],
    ["0.5%p", "0.5 percent_point eq"],
    ["30일 이상", "30 day gte"],
    ["3일 미만", "3 day lt"],
    ["100만원 초과", "1000000 KRW gt"],
    ["180일 이하", "180 day lte"],
    ["최대 180일", "180 day lte"],
    ["80세까지", "80 age lte"],
    ["삼십일 이내", "30 day lte"],
    ["한 달", "1 month eq"],
    ["at least 3 years", "3 year gte"],
    ["no more than 5 days", "5 day lte"],
    ["more than 5 days", "5 day gt"],
    ["thirty days", "30 day eq"],
    ["10분의 1", "0.1 - eq"],
  ])("reads the unit and comparison in %s", (text, expected) => {
    expect(read(text)).toEqual([expected]);
  });

  it.each([
    ["3만~5만원", "30000..50000 KRW range"],
    ["3~5만원", "30000..50000 KRW range"],
    ["3~5백만원", "3000000..5000000 KRW range"],
    ["5천~7천만원", "50000000..70000000 KRW range"],
    ["15만원에서 20만원까지", "150000..200000 KRW range"],
    ["30-60일", "30..60 day range"],
    ["between $3 and $5", "3..5 USD range"],
    ["3 to 5 days", "3..5 day range"],
  ])("joins the range in %s", (text, expected) => {
    expect(read(text)).toEqual([expected]);
  });

  it("keeps a raise from one amount to another as two amounts", () => {
    expect(read("15만원에서 20만원으로 인상")).toEqual(["150000 KRW eq", "200000 KRW eq"]);
  });

  it("reads calendar dates apart from lengths of time", () => {
    expect(read("2024-01-15 2024년 1월 15일 January 15, 2024 1446년 20년")).toEqual([
      "20240115 date eq",
      "20240115 date eq",
      "20240115 date eq",
      "1446 calendar-year eq",
      "20 year eq",
    ]);
  });

  it("takes an article number for a label, and 조 before money for a trillion", () => {
    expect(read("제3조 제2항")).toEqual(["3 article eq", "2 paragraph eq"]);
    expect(read("3조원")).toEqual(["3000000000000 KRW eq"]);
  });

  it.each([
    "보험료만 내면 됩니다",
    "천만에요",
    "1588-1234",
    "02-1234-5678",
    "H2O와 GPT-4",
    "버전 1.2.3",
    "이 사람이 일을 조금",
  ])("finds no quantity in %s", (text) => {
    expect(read(text)).toEqual([]);
  });

  it("leaves out the base of a rate", () => {
    expect(read("1일당 5만원")).toEqual(["50000 KRW eq"]);
  });

  it("gives offsets into the text", () => {
    const [quantity] = parseQuantities("보험금은 1억 5천만원입니다");
    expect("보험금은 1억 5천만원입니다".slice(quantity?.from, quantity?.to)).toBe("1억 5천만원");
  });

  it("reads decomposed Hangul like composed Hangul", () => {
    expect(read("5천만원".normalize("NFD"))).toEqual(["50000000 KRW eq"]);
  });

  it("comes to an end on long runs of digits, scales and dashes", () => {
    const counts = ["1,", "천", "1-", "일억 ", "3만~", "$1 "].map(
      (piece) => parseQuantities(piece.repeat(20_000)).length,
    );
    expect(counts[5]).toBe(20_000);
  });
});

describe("sameQuantity", () => {
  const one = (text: string) => parseQuantities(text)[0] ?? expect.fail(`no quantity in ${text}`);

  it.each([
    ["5천만원", "50,000,000원"],
    ["1년", "12개월"],
    ["24시간", "1일"],
    ["30일", "30일 이상"],
    ["20", "20년"],
  ])("finds %s and %s the same", (a, b) => {
    expect(sameQuantity(one(a), one(b), "compatible")).toBe(true);
  });

  it.each([
    ["30일", "1개월"],
    ["30일 이상", "30일 초과"],
    ["30일 이상", "30일 이하"],
    ["30일", "30일 미만"],
    ["3%", "3만원"],
    ["3만~5만원", "3만원"],
    ["10%", "10%p"],
  ])("finds %s and %s different", (a, b) => {
    expect(sameQuantity(one(a), one(b), "compatible")).toBe(false);
  });

  it("tells an unmarked number from a bound when asked to be strict, and drops all comparisons when asked", () => {
    expect(sameQuantity(one("30일"), one("30일 이상"), "strict")).toBe(false);
    expect(sameQuantity(one("30일 미만"), one("30일 이상"), "ignore")).toBe(true);
  });

  it("gives equal keys to equal quantities", () => {
    expect(quantityKey(one("1년"))).toBe(quantityKey(one("12개월")));
    expect(quantityKey(one("1억원"))).not.toBe(quantityKey(one("1억 달러")));
  });
});
