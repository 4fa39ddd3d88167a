import { describe, expect, it } from "vitest";
import { tokenize, tokenizerFor } from "../../../../../src/modules/evaluation/text/tokenizers.ts";

describe("tokenize", () => {
  it("reads words of any script and numbers with their commas as one token", () => {
    expect(tokenize("unicode-word", "Premium: 1,000,000원, 12.5% (월납)")).toEqual([
      "premium",
      "1000000원",
      "12.5",
      "월납",
    ]);
  });

  it("takes particles off, or makes them tokens", () => {
    expect(tokenize("korean-particle", "보험금은 1억원입니다.")).toEqual(["보험금", "1억원"]);
    expect(tokenize("korean-split", "보험금은 1억원입니다.")).toEqual(["보험금", "은", "1억원", "입니다"]);
  });

  it("splits marks as mteval-v13a does, except inside numbers", () => {
    expect(tokenize("13a", "Hello, world! It's 1,000.5 (or 3-4).")).toEqual([
      "Hello",
      ",",
      "world",
      "!",
      "It's",
      "1,000.5",
      "(",
      "or",
      "3",
      "-",
      "4",
      ")",
      ".",
    ]);
    expect(tokenize("13a", "a &lt;b&gt; &amp; c")).toEqual(["a", "<", "b", ">", "&", "c"]);
  });

  it("counts code points, so that decomposed Hangul and emoji are one each", () => {
    expect(tokenize("char", "값 👍".normalize("NFD"))).toEqual(["값", "👍"]);
  });

  it("has no ASCII word in Korean text", () => {
    expect(tokenize("ascii-word", "보험금 지급")).toEqual([]);
  });

  it("drops marks and articles as SQuAD does", () => {
    expect(tokenize("squad", "The U.S. is an island?")).toEqual(["us", "is", "island"]);
  });

  it("picks characters for a reference with Hangul", () => {
    expect([tokenizerFor("보험 plan"), tokenizerFor("plan")]).toEqual(["char", "13a"]);
  });
});
