import { describe, expect, it } from "vitest";
import { splitSentences } from "../../../../../src/modules/evaluation/text/sentences.ts";

describe("splitSentences", () => {
  it("splits Korean and English and keeps offsets", () => {
    const text = '보험료는 12.5%입니다. 네! "Really?" Yes.\n다음 줄';
    const spans = splitSentences(text);
    expect(spans.map((span) => span.text)).toEqual([
      "보험료는 12.5%입니다.",
      "네!",
      '"Really?"',
      "Yes.",
      "다음 줄",
    ]);
    expect(spans.every((span) => text.slice(span.from, span.to) === span.text)).toBe(true);
  });

  it("does not end a sentence at an abbreviation, an initial or a list number", () => {
    expect(splitSentences("Dr. J. Kim agreed. 1. First point.").map((span) => span.text)).toEqual([
      "Dr. J. Kim agreed.",
      "1. First point.",
    ]);
  });

  it("comes to an end on long runs of marks", () => {
    expect(splitSentences(`${"!".repeat(200_000)}x`)).toHaveLength(1);
  });
});
