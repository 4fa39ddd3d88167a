import { describe, expect, it } from "vitest";
import { averagePrecision } from "../../../../../src/modules/evaluation/metrics/average-precision.ts";
import { contextPrecisionId } from "../../../../../src/modules/evaluation/metrics/context-precision-id.ts";
import { contextPrecisionString } from "../../../../../src/modules/evaluation/metrics/context-precision-string.ts";
import { contextRecallId } from "../../../../../src/modules/evaluation/metrics/context-recall-id.ts";
import { contextRecallString } from "../../../../../src/modules/evaluation/metrics/context-recall-string.ts";
import { hitAtK } from "../../../../../src/modules/evaluation/metrics/hit-at-k.ts";
import { ndcg } from "../../../../../src/modules/evaluation/metrics/ndcg.ts";
import { precisionAtK } from "../../../../../src/modules/evaluation/metrics/precision-at-k.ts";
import { recallAtK } from "../../../../../src/modules/evaluation/metrics/recall-at-k.ts";
import { reciprocalRank } from "../../../../../src/modules/evaluation/metrics/reciprocal-rank.ts";
import { scoreOf } from "./score-of.ts";

/** Documents by id; a judged one may carry its gain. */
const docs = (...ids: (number | readonly [number, number])[]) =>
  ids.map((id) => {
    const [name, score] = typeof id === "number" ? [id, undefined] : id;
    return { id: `d${name}`, text: `문서 ${name}`, ...(score === undefined ? {} : { score }) };
  });

const ranked = [precisionAtK, recallAtK, hitAtK, reciprocalRank, averagePrecision, ndcg];

describe("what is missing", () => {
  it.each(ranked)("never becomes a score of $name", async (metric) => {
    const score = (parts: Parameters<typeof scoreOf>[1], options = {}) =>
      scoreOf<never>(metric as never, parts, options);
    expect(await score({ contexts: docs(1) })).toBe("no_reference_contexts");
    expect(await score({ referenceContexts: docs(1) })).toBe("no_contexts");
    expect(await score({ contexts: docs(1), referenceContexts: docs([1, 0]) })).toBe("no_relevant_documents");
    expect(await score({ contexts: ["a"], referenceContexts: docs(1) }, { judgeBy: "id" })).toBe(
      "no_context_ids",
    );
  });

  it.each(ranked)("becomes 0 for $name only where it is asked for", async (metric) => {
    const score = (parts: Parameters<typeof scoreOf>[1], options = {}) =>
      scoreOf<never>(metric as never, parts, options);
    expect(await score({ contexts: docs(1), referenceContexts: docs([1, 0]) }, { noRelevant: "zero" })).toBe(
      0,
    );
    expect(await score({ referenceContexts: docs(1) }, { noContexts: "zero" })).toBe(0);
  });
});

describe("precision, recall, hit and reciprocal rank", () => {
  // Lists of ranx's tests.
  const contexts = docs(2, 4, 3, 1, 5, 6, 7);
  const referenceContexts = docs(1, 2, 3);

  it("agree with ranx", async () => {
    expect(await scoreOf(recallAtK, { contexts, referenceContexts }, { k: 2 })).toBeCloseTo(1 / 3, 12);
    expect(await scoreOf(precisionAtK, { contexts, referenceContexts }, { k: 5 })).toBeCloseTo(3 / 5, 12);
    expect(await scoreOf(reciprocalRank, { contexts: docs(2, 3, 1, 4, 5), referenceContexts: docs(3) })).toBe(
      0.5,
    );
    expect(await scoreOf(reciprocalRank, { contexts: docs(2, 1, 4, 5), referenceContexts: docs(3) })).toBe(0);
    expect(
      await scoreOf(hitAtK, { contexts: docs(1, 2, 3, 4, 5, 7), referenceContexts: docs(9, 6, 8, 6) }),
    ).toBe(0);
    expect(
      await scoreOf(hitAtK, { contexts: docs(1, 2, 4, 3, 5, 7), referenceContexts: docs(1, 2, 4) }),
    ).toBe(1);
  });

  it("divide by k even when fewer were retrieved, unless asked to do as EvalVault", async () => {
    const parts = { contexts: docs(1, 2), referenceContexts: docs(1) };
    expect(await scoreOf(precisionAtK, parts, { k: 4 })).toBe(0.25);
    expect(await scoreOf(precisionAtK, parts, { k: 4, compat: "evalvault" })).toBe(0.5);
  });

  it("count a document that was retrieved twice once, and keep its place", async () => {
    const parts = { contexts: docs(1, 1, 2), referenceContexts: docs(1, 2) };
    expect(await scoreOf(precisionAtK, parts, { k: 3 })).toBeCloseTo(2 / 3, 12);
    expect(await scoreOf(recallAtK, parts, { k: 2 })).toBe(0.5);
  });

  it("look no further than k", async () => {
    expect(await scoreOf(hitAtK, { contexts: docs(2, 1), referenceContexts: docs(1) }, { k: 1 })).toBe(0);
    expect(
      await scoreOf(reciprocalRank, { contexts: docs(2, 1), referenceContexts: docs(1) }, { k: 1 }),
    ).toBe(0);
  });

  it("go by rank when every context has one", async () => {
    const [first, second] = [
      { ...docs(1)[0], text: "a", rank: 2 },
      { ...docs(2)[0], text: "b", rank: 1 },
    ];
    expect(await scoreOf(reciprocalRank, { contexts: [first, second], referenceContexts: docs(2) })).toBe(1);
  });

  it("recognise documents by folded text, by likeness, or by the words of the reference", async () => {
    const parts = {
      contexts: ["관련 없는 글", "보험료는  15만원입니다."],
      referenceContexts: ["보험료는 15만원입니다."],
      reference: "15만원",
    };
    expect(await scoreOf(reciprocalRank, parts)).toBe(0.5);
    const near = { ...parts, referenceContexts: ["보험료는 월 15만원입니다!"] };
    expect(await scoreOf(reciprocalRank, near)).toBe(0);
    expect(await scoreOf(reciprocalRank, near, { judgeBy: "similar", threshold: 0.8 })).toBe(0.5);
    const bare = { contexts: parts.contexts, reference: "15만원" };
    expect(await scoreOf(reciprocalRank, bare, { judgeBy: "reference_overlap", threshold: 0.3 })).toBe(0.5);
    expect(
      await scoreOf(hitAtK, { contexts: ["x"], reference: "15만원" }, { judgeBy: "reference_overlap" }),
    ).toBe(0);
  });

  it("may ask for a gain above a limit", async () => {
    const parts = { contexts: docs(1, 2), referenceContexts: docs([1, 1], [2, 3]) };
    expect(await scoreOf(recallAtK, parts, { relevantAbove: 1, k: 1 })).toBe(0);
  });
});

describe("average_precision", () => {
  it("agrees with the definition on ranx's lists", async () => {
    const contexts = docs(4, 5, 6, 2, 1, 7, 3);
    const score = (reference: number[], options = {}) =>
      scoreOf(averagePrecision, { contexts, referenceContexts: docs(...reference) }, { k: 7, ...options });
    expect(await score([1, 2, 3])).toBeCloseTo((1 / 4 + 2 / 5 + 3 / 7) / 3, 12);
    expect(await score([4, 5, 6, 7])).toBeCloseTo((1 + 1 + 1 + 4 / 6) / 4, 12);
    expect(await score([8, 9])).toBe(0);
    expect(await score([4, 5, 6, 7], { k: 2 })).toBe(1);
    expect(await score([4, 5, 6, 7], { k: 2, compat: "ranx" })).toBe(0.5);
  });
});

describe("ndcg", () => {
  // Gains and lists of ranx's tests.
  const referenceContexts = docs([2, 5], [4, 4], [5, 3], [10, 2]);
  const { log2 } = Math;
  const ideal = (gain: (g: number) => number): number =>
    gain(5) / log2(2) + gain(4) / log2(3) + gain(3) / log2(4) + gain(2) / log2(5);

  it.each([
    ["jarvelin", (g: number) => g],
    ["burges", (g: number) => 2 ** g - 1],
  ] as const)("agrees with ranx for %s gains", async (gain, of) => {
    const score = (contexts: ReturnType<typeof docs>) =>
      scoreOf(ndcg, { contexts, referenceContexts }, { gain });
    expect(await score(docs(1, 2, 3, 4, 5))).toBeCloseTo(
      (of(5) / log2(3) + of(4) / log2(5) + of(3) / log2(6)) / ideal(of),
      12,
    );
    expect(await score(docs(10, 5, 2, 4, 3))).toBeCloseTo(
      (of(2) / log2(2) + of(3) / log2(3) + of(5) / log2(4) + of(4) / log2(5)) / ideal(of),
      12,
    );
    expect(await score(docs(1, 3, 6, 7, 8))).toBe(0);
  });

  it("counts a relevant document that was not retrieved, also when documents are known by text", async () => {
    const parts = { contexts: ["하나"], referenceContexts: ["하나", "둘"] };
    expect(await scoreOf(ndcg, parts)).toBeCloseTo(1 / (1 + 1 / log2(3)), 12);
  });

  it("cuts the ideal at k", async () => {
    expect(await scoreOf(ndcg, { contexts: docs(2), referenceContexts }, { k: 1 })).toBe(1);
  });
});

describe("context precision and recall without a model", () => {
  const contexts = ["보험료는 월 15만원입니다.", "전혀 다른 이야기", "납입 기간은 20년입니다."];
  const referenceContexts = ["보험료는 월 15만원입니다", "납입 기간은 20년입니다", "면책 조항 제4조"];

  it("weigh likeness by rank, and count the reference contexts found", async () => {
    expect(await scoreOf(contextPrecisionString, { contexts, referenceContexts })).toBeCloseTo(
      (1 + 2 / 3) / 2,
      12,
    );
    expect(await scoreOf(contextRecallString, { contexts, referenceContexts })).toBeCloseTo(2 / 3, 12);
  });

  it("are 1 and 0 without an epsilon, and with Ragas' epsilon on request", async () => {
    const all = { contexts: ["a"], referenceContexts: ["a"] };
    expect(await scoreOf(contextPrecisionString, all)).toBe(1);
    expect(await scoreOf(contextPrecisionString, all, { compat: "ragas" })).toBe(1 / (1 + 1e-10));
    expect(await scoreOf(contextPrecisionString, { contexts: ["a"], referenceContexts: ["b"] })).toBe(0);
  });

  it("take half alike for useful but not for recalled", async () => {
    const half = { contexts: ["ab"], referenceContexts: ["ac"] };
    expect(await scoreOf(contextPrecisionString, half)).toBe(1);
    expect(await scoreOf(contextRecallString, half)).toBe(0);
  });

  it("refuse lists whose comparison would be too long", async () => {
    const long = { contexts: ["가".repeat(60_000)], referenceContexts: ["나".repeat(60_000)] };
    expect(await scoreOf(contextPrecisionString, long)).toBe("text_too_long");
    expect(await scoreOf(ndcg, long, { judgeBy: "similar" })).toBe("text_too_long");
  });

  it("compare sets of ids", async () => {
    const parts = { contexts: docs(1, 2, 2, 3), referenceContexts: docs(2, 3, 4, 5) };
    expect(await scoreOf(contextPrecisionId, parts)).toBeCloseTo(2 / 3, 12);
    expect(await scoreOf(contextRecallId, parts)).toBe(0.5);
  });

  it("do not apply where something is missing", async () => {
    for (const metric of [contextPrecisionString, contextRecallString, contextPrecisionId, contextRecallId]) {
      expect(await scoreOf<never>(metric as never, { contexts })).toBe("no_reference_contexts");
      expect(await scoreOf<never>(metric as never, { referenceContexts })).toBe("no_contexts");
    }
    expect(await scoreOf(contextPrecisionId, { contexts, referenceContexts })).toBe("no_context_ids");
  });
});
