import { describe, expect, it } from "vitest";
import { bleu } from "../../../../../src/modules/evaluation/metrics/bleu.ts";
import { chrf } from "../../../../../src/modules/evaluation/metrics/chrf.ts";
import { contextTokenCoverage } from "../../../../../src/modules/evaluation/metrics/context-token-coverage.ts";
import { exactMatch } from "../../../../../src/modules/evaluation/metrics/exact-match.ts";
import { gleu } from "../../../../../src/modules/evaluation/metrics/gleu.ts";
import { levenshteinSimilarity } from "../../../../../src/modules/evaluation/metrics/levenshtein-similarity.ts";
import { meteor } from "../../../../../src/modules/evaluation/metrics/meteor.ts";
import { rougeL } from "../../../../../src/modules/evaluation/metrics/rouge-l.ts";
import { rougeN } from "../../../../../src/modules/evaluation/metrics/rouge-n.ts";
import { tokenF1 } from "../../../../../src/modules/evaluation/metrics/token-f1.ts";
import { resultOf, scoreOf } from "./score-of.ts";

describe("what is missing", () => {
  it.each([exactMatch, tokenF1, bleu, rougeL, rougeN, chrf, gleu, meteor, levenshteinSimilarity])(
    "never becomes a score of $name",
    async (metric) => {
      expect(await scoreOf<never>(metric as never, { output: "a" })).toBe("no_reference");
      expect(await scoreOf<never>(metric as never, { reference: "a" })).toBe("no_output");
      expect(await scoreOf<never>(metric as never, { output: " \n", reference: "a" })).toBe("empty_output");
      expect(await scoreOf<never>(metric as never, { output: "a", reference: "" })).toBe("empty_reference");
    },
  );
});

describe("exact_match", () => {
  it("folds case, white space and decomposed Hangul", async () => {
    expect(
      await scoreOf(exactMatch, { output: " 월  15만원 ".normalize("NFD"), reference: "월 15만원" }),
    ).toBe(1);
    expect(await scoreOf(exactMatch, { output: "Paris", reference: "paris" })).toBe(1);
    expect(await scoreOf(exactMatch, { output: "Paris", reference: "paris" }, { normalize: "nfc" })).toBe(0);
  });

  it("does not take a denied number for a match", async () => {
    expect(await scoreOf(exactMatch, { output: "아니오, 1억원이 아닙니다", reference: "1억원" })).toBe(0);
  });

  it("compares as Ragas and autoevals do on request", async () => {
    expect(await scoreOf(exactMatch, { output: "", reference: "" }, { compat: "ragas" })).toBe(1);
    expect(await scoreOf(exactMatch, { output: "Paris", reference: "paris" }, { compat: "ragas" })).toBe(0);
    expect(
      await scoreOf(exactMatch, { output: '{ "a": 1 }', reference: '{"a":1}' }, { compat: "autoevals" }),
    ).toBe(1);
    expect(
      await scoreOf(
        exactMatch,
        { output: '{"b":2,"a":1}', reference: '{"a":1,"b":2}' },
        { compat: "autoevals" },
      ),
    ).toBe(0);
  });

  it("refuses options it does not know", () => {
    expect(exactMatch.options.safeParse({ normalise: "fold" }).success).toBe(false);
  });
});

describe("token_f1", () => {
  it("counts a repeated token as often as both sides have it", async () => {
    const result = await resultOf(
      tokenF1,
      { output: "the cat the cat", reference: "the cat sat" },
      { tokenizer: "unicode-word" },
    );
    expect(result.score).toBeCloseTo((2 * (2 / 4) * (2 / 3)) / (2 / 4 + 2 / 3), 12);
    expect(result.evidence[0]?.data).toMatchObject({ overlap: 2, precision: 0.5, tokenizer: "unicode-word" });
  });

  it("leaves particles out of Korean", async () => {
    expect(await scoreOf(tokenF1, { output: "보험료는 15만원입니다", reference: "15만원" })).toBeCloseTo(
      2 / 3,
      12,
    );
  });

  it("drops articles and marks with SQuAD's normalisation", async () => {
    const parts = { output: "The Norman conquest!", reference: "a Norman conquest" };
    expect(await scoreOf(tokenF1, parts, { compat: "squad" })).toBe(1);
    expect(await scoreOf(tokenF1, { output: "", reference: "" }, { compat: "squad" })).toBe(1);
    expect(await scoreOf(tokenF1, { output: "x", reference: "" }, { compat: "squad" })).toBe(0);
  });

  it("weighs number tokens twice in sets as EvalVault does", async () => {
    const parts = { output: "월 15만원", reference: "월 20만원" };
    expect(await scoreOf(tokenF1, parts, { compat: "evalvault" })).toBeCloseTo(1 / 3, 12);
    expect(await scoreOf(tokenF1, parts)).toBe(0.5);
  });

  it("has nothing to score against a reference of marks alone", async () => {
    expect(await scoreOf(tokenF1, { output: "a", reference: "?!" })).toBe("no_reference_tokens");
    expect(await scoreOf(tokenF1, { output: "?!", reference: "a" })).toBe(0);
  });
});

describe("bleu", () => {
  // Sentence scores from sacrebleu's own tests (issue 98), with effective order.
  const sacre = {
    output: "Producția de zahăr primă va fi exprimată în ceea ce privește zahărul alb;",
    reference: "producţia de zahăr brut se exprimă în zahăr alb;",
  };
  it.each([
    [{ smoothing: "exp" }, 8.493],
    [{ smoothing: "none" }, 0],
    [{ smoothing: "floor" }, 4.51688],
    [{ smoothing: "floor", smoothingValue: 0.5 }, 10.1],
    [{ smoothing: "add-k" }, 14.882],
    [{ smoothing: "add-k", smoothingValue: 2 }, 21.389],
    [{ smoothing: "exp", tokenizer: "whitespace" }, 7.347],
    [{ smoothing: "exp", tokenizer: "char" }, 40.8759],
    [{ smoothing: "exp", tokenizer: "char", lowercase: true }, 42.0267],
  ])("agrees with sacrebleu for %o", async (options, expected) => {
    const score = await scoreOf(bleu, sacre, { tokenizer: "13a", ...options });
    expect(Number(score) * 100).toBeCloseTo(expected, 2);
  });

  it("scores no common word 0 and the same text 1", async () => {
    expect(await scoreOf(bleu, { output: "this is a cat", reference: "okay thanks" })).toBe(0);
    expect(await scoreOf(bleu, { output: "a test", reference: "a test" })).toBeCloseTo(1, 12);
  });

  it("stops at the order a short output has, unless told not to", async () => {
    // From sacrebleu's tests: "test" against "a test" is exp(1 - 2/1).
    expect(await scoreOf(bleu, { output: "test", reference: "a test" })).toBeCloseTo(Math.exp(-1), 12);
    expect(await scoreOf(bleu, { output: "test", reference: "a test" }, { effectiveOrder: false })).toBe(0);
  });

  it("counts characters of Korean and says so", async () => {
    const result = await resultOf(bleu, { output: "보험금은 1억원", reference: "보험금은 2억원" });
    expect(result.evidence[0]?.data).toMatchObject({
      tokenizer: "char",
      matches: [6, 4, 2, 1],
      totals: [7, 6, 5, 4],
    });
    expect(result.score).toBeCloseTo(((6 / 7) * (4 / 6) * (2 / 5) * (1 / 4)) ** 0.25, 12);
  });

  it("scores an empty output 0 as sacrebleu does on request", async () => {
    expect(await scoreOf(bleu, { output: "", reference: "a" }, { compat: "sacrebleu" })).toBe(0);
  });
});

describe("rouge_n", () => {
  // Examples of the rouge-score package's tests.
  it("agrees with rouge-score on its examples", async () => {
    const [output, reference] = ["testing", "testing one two"];
    expect(await scoreOf(rougeN, { output, reference })).toBeCloseTo(1 / 2, 12);
    expect(await scoreOf(rougeN, { output, reference }, { measure: "recall" })).toBeCloseTo(1 / 3, 12);
    expect(await scoreOf(rougeN, { output: "testing one", reference }, { n: 2 })).toBeCloseTo(2 / 3, 12);
  });

  it("scores Korean text, which the ASCII tokenizer cannot", async () => {
    const parts = { output: "보험금 지급 사유", reference: "보험금 지급 조건" };
    expect(await scoreOf(rougeN, parts)).toBeCloseTo(2 / 3, 12);
    expect(await scoreOf(rougeN, parts, { compat: "rouge-score" })).toBe(0);
  });

  it("does not apply when the reference is shorter than n", async () => {
    expect(await scoreOf(rougeN, { output: "a b", reference: "a" }, { n: 2 })).toBe("n_exceeds_reference");
  });
});

describe("rouge_l", () => {
  it("agrees with rouge-score on its examples", async () => {
    const reference = "testing one two";
    for (const output of ["testing one", "testing two"]) {
      const result = await resultOf(rougeL, { output, reference });
      expect(result.score).toBeCloseTo(4 / 5, 12);
      expect(result.evidence[0]?.data).toMatchObject({
        precision: 1,
        recall: 2 / 3,
        tokenizer: "unicode-word",
      });
    }
  });

  it("takes the union over lines for the summary level, as in Lin 2004, section 3.2", async () => {
    const parts = { output: "w1 w2 w6 w7 w8\nw1 w3 w8 w9 w5", reference: "w1 w2 w3 w4 w5" };
    const result = await resultOf(rougeL, parts, { variant: "summary" });
    expect(result.evidence[0]?.data).toMatchObject({ recall: 0.8, precision: 0.4 });
    expect(result.score).toBeCloseTo(0.64 / 1.2, 12);
  });

  it("scores Korean text, which the ASCII tokenizer cannot", async () => {
    const parts = { output: "보험금은 사고 후 지급됩니다", reference: "보험금은 지급됩니다" };
    expect(await scoreOf(rougeL, parts)).toBeCloseTo(2 / 3, 12);
    expect(await scoreOf(rougeL, parts, { compat: "rouge-score" })).toBe(0);
  });

  it("says when a text is too long", async () => {
    const line = "가\n".repeat(600);
    expect(await scoreOf(rougeL, { output: line, reference: line }, { variant: "summary" })).toBe(
      "text_too_long",
    );
    expect(await scoreOf(rougeL, { output: line, reference: line })).toBe(1);
  });
});

describe("chrf", () => {
  // Values from sacrebleu's tests: beta 3 and eps_smoothing for the first table, beta 2 for the sentence.
  it.each([
    ["abcdefg", "hijklmnop", 0],
    ["aa", "ab", 8.3333],
    ["a", "a", 16.6667],
    ["a b c", "a b c", 50],
    ["a b c", "abc", 50],
  ])("agrees with sacrebleu's smoothed chrF on %s and %s", async (output, reference, expected) => {
    const score = await scoreOf(chrf, { output, reference }, { beta: 3, epsSmoothing: true });
    expect(Number(score) * 100).toBeCloseTo(expected, 3);
  });

  it.each([
    ["a", "a", 100],
    ["a b c", "abc", 100],
    ["aa", "ab", 25],
  ])("agrees with sacrebleu's effective order on %s and %s", async (output, reference, expected) => {
    expect(Number(await scoreOf(chrf, { output, reference }, { beta: 3 })) * 100).toBeCloseTo(expected, 6);
  });

  it("agrees with sacrebleu on a sentence", async () => {
    const output = "Nebo prostě nemají vybavení, které by jim pomohlo, uvedli lékaři.";
    const reference = "A někdy nemáme ani potřebný materiál, abychom jim pomohli, popsali lékaři.";
    expect(Number(await scoreOf(chrf, { output, reference }, { epsSmoothing: true })) * 100).toBeCloseTo(
      31.22557079,
      6,
    );
  });

  it("adds word n-grams for chrF++", async () => {
    const parts = { output: "나는 학교에", reference: "나는 학교로" };
    // Characters 나는학교에/나는학교로: orders 1 to 5 share 4, 3, 2, 1, 0 of 5, 4, 3, 2, 1; words 1 of 2, word pairs 0 of 1.
    const characters = [4 / 5, 3 / 4, 2 / 3, 1 / 2, 0];
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(await scoreOf(chrf, parts)).toBeCloseTo(mean(characters), 12);
    expect(await scoreOf(chrf, parts, { wordOrder: 2 })).toBeCloseTo(mean([...characters, 1 / 2, 0]), 12);
  });

  it("counts composed and decomposed Hangul alike", async () => {
    expect(await scoreOf(chrf, { output: "보험금".normalize("NFD"), reference: "보험금" })).toBe(1);
  });
});

describe("levenshtein_similarity", () => {
  it("divides the distance by the longer length", async () => {
    expect(await scoreOf(levenshteinSimilarity, { output: "kitten", reference: "sitting" })).toBeCloseTo(
      1 - 3 / 7,
      12,
    );
  });

  it("counts code points of composed text", async () => {
    expect(await scoreOf(levenshteinSimilarity, { output: "한국".normalize("NFD"), reference: "한글" })).toBe(
      0.5,
    );
    expect(await scoreOf(levenshteinSimilarity, { output: "👍a", reference: "👎a" })).toBe(0.5);
  });

  it("passes or fails at a distance like promptfoo", async () => {
    const parts = { output: "kitten", reference: "sitting" };
    expect(await scoreOf(levenshteinSimilarity, parts, { maxDistance: 5 })).toBe(1);
    expect(await scoreOf(levenshteinSimilarity, parts, { maxDistance: 2 })).toBe(0);
  });

  it("scores two empty texts 1 as autoevals does on request", async () => {
    expect(await scoreOf(levenshteinSimilarity, { output: "", reference: "" }, { compat: "autoevals" })).toBe(
      1,
    );
    expect(
      await scoreOf(levenshteinSimilarity, { output: "", reference: "ab" }, { compat: "autoevals" }),
    ).toBe(0);
  });

  it("says when a pair is too long", async () => {
    const long = "가".repeat(51_000);
    expect(await scoreOf(levenshteinSimilarity, { output: long, reference: long })).toBe("text_too_long");
  });
});

describe("gleu", () => {
  it("takes the smaller of precision and recall over orders 1 to 4", async () => {
    // Output: 4 + 3 + 2 + 1 = 10 n-grams, reference 3 + 2 + 1 = 6, shared: the, cat, sat, "the cat", "cat sat", "the cat sat".
    expect(await scoreOf(gleu, { output: "the cat sat down", reference: "the cat sat" })).toBeCloseTo(
      6 / 10,
      12,
    );
    expect(await scoreOf(gleu, { output: "the cat", reference: "the cat sat" })).toBeCloseTo(3 / 6, 12);
  });
});

describe("meteor", () => {
  it("takes the penalty of one chunk off a perfect match", async () => {
    // 3 matches in 1 chunk: 1 - 0.5 (1/3)^3.
    expect(await scoreOf(meteor, { output: "the cat sat", reference: "the cat sat" })).toBeCloseTo(
      1 - 0.5 / 27,
      12,
    );
  });

  it("counts chunks and weighs recall nine to one", async () => {
    // on the mat | sat the cat: every word matches, chunks: "on the mat"→ on(3) the(4) mat(5), "sat"(2), "the cat"(0, 1).
    const parts = { output: "on the mat sat the cat", reference: "the cat sat on the mat" };
    const result = await resultOf(meteor, parts);
    expect(result.evidence[0]?.data).toMatchObject({ matches: 6, chunks: 3 });
    expect(result.score).toBeCloseTo(1 - 0.5 * 0.5 ** 3, 12);
    // P = 1, R = 1/2: F = 0.5 / (0.9 + 0.1 · 0.5), 2 matches in 1 chunk.
    const half = await scoreOf(meteor, { output: "one two", reference: "one two three four" });
    expect(half).toBeCloseTo((0.5 / 0.95) * (1 - 0.5 / 8), 12);
  });

  it("matches stems in English and words without particles in Korean", async () => {
    expect(await scoreOf(meteor, { output: "paying claims", reference: "pays claim" }, { stem: false })).toBe(
      0,
    );
    expect(await scoreOf(meteor, { output: "paying claims", reference: "pays claim" })).toBeCloseTo(
      1 - 0.5 / 8,
      12,
    );
    expect(await scoreOf(meteor, { output: "보험금을 지급", reference: "보험금이 지급" })).toBeCloseTo(
      1 - 0.5 / 8,
      12,
    );
  });
});

describe("context_token_coverage", () => {
  it("is the share of content words found in the contexts", async () => {
    const parts = { output: "사망보험금은 2억원입니다.", contexts: ["사망보험금은 1억원을 지급합니다."] };
    expect(await scoreOf(contextTokenCoverage, parts)).toBe(0.5);
  });

  it("does not apply without contexts, where others give 1 or 0", async () => {
    expect(await scoreOf(contextTokenCoverage, { output: "사망보험금" })).toBe("no_contexts");
    expect(await scoreOf(contextTokenCoverage, { output: "사망보험금", contexts: ["  "] })).toBe(
      "no_contexts",
    );
    expect(await scoreOf(contextTokenCoverage, { output: "그 이것", contexts: ["무엇"] })).toBe(
      "no_content_tokens",
    );
  });
});
