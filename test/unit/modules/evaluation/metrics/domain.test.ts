import { describe, expect, it } from "vitest";
import { confidence } from "../../../../../src/modules/evaluation/metrics/confidence.ts";
import { contextualRelevancy } from "../../../../../src/modules/evaluation/metrics/contextual-relevancy.ts";
import { entityPreservation } from "../../../../../src/modules/evaluation/metrics/entity-preservation.ts";
import { insuranceTermAccuracy } from "../../../../../src/modules/evaluation/metrics/insurance-term-accuracy.ts";
import { insuranceTerms } from "../../../../../src/modules/evaluation/metrics/insurance-vocabulary.ts";
import { noAnswerAccuracy } from "../../../../../src/modules/evaluation/metrics/no-answer-accuracy.ts";
import { summaryAccuracy } from "../../../../../src/modules/evaluation/metrics/summary-accuracy.ts";
import { summaryNeedsFollowup } from "../../../../../src/modules/evaluation/metrics/summary-needs-followup.ts";
import { summaryNonDefinitive } from "../../../../../src/modules/evaluation/metrics/summary-non-definitive.ts";
import { summaryRiskCoverage } from "../../../../../src/modules/evaluation/metrics/summary-risk-coverage.ts";
import { resultOf, scoreOf } from "./score-of.ts";

describe("insurance_term_accuracy", () => {
  it("knows twenty terms", () => {
    expect(new Set(insuranceTerms.map(({ term }) => term)).size).toBe(20);
  });

  it("is the share of the terms of the output that the contexts use, in either language", async () => {
    const parts = { output: "보험료와 해약 환급금을 안내합니다.", contexts: ["The premium is due monthly."] };
    expect(await scoreOf(insuranceTermAccuracy, parts)).toBe(0.5);
  });

  it("does not find an English term inside another word", async () => {
    const parts = { output: "The premiumization trend", contexts: ["premium"] };
    expect(await scoreOf(insuranceTermAccuracy, parts)).toBe("no_terms");
  });

  it("does not apply without terms or contexts, where EvalVault gives 1 and 0", async () => {
    expect(await scoreOf(insuranceTermAccuracy, { output: "안녕하세요", contexts: ["보험료"] })).toBe(
      "no_terms",
    );
    expect(await scoreOf(insuranceTermAccuracy, { output: "보험료" })).toBe("no_contexts");
    expect(await scoreOf(insuranceTermAccuracy, { output: "안녕하세요" }, { compat: "evalvault" })).toBe(1);
    expect(await scoreOf(insuranceTermAccuracy, { output: "보험료" }, { compat: "evalvault" })).toBe(0);
  });

  it("takes more terms", async () => {
    const terms = [{ term: "유니버설", variants: ["universal life"] }];
    const parts = { output: "유니버설 상품", contexts: ["a universal life product"] };
    expect(await scoreOf(insuranceTermAccuracy, parts, { terms })).toBe(1);
  });
});

describe("entity_preservation and summary_accuracy", () => {
  const contexts = ["암 진단 시 3천만원을 지급하며, 면책기간은 90일입니다. 자기부담금은 10%입니다."];

  it("compare amounts, shares and periods by value", async () => {
    // Context entities: 3천만원, 90일, 10%, and the keywords 면책, 자기부담, 대기기간.
    const output = "진단비 30,000,000원, 면책기간 90일";
    expect(await scoreOf(entityPreservation, { output, contexts })).toBeCloseTo(4 / 6, 12);
    expect(await scoreOf(summaryAccuracy, { output, contexts })).toBe(1);
    expect(await scoreOf(summaryAccuracy, { output: "진단비 5천만원, 90일", contexts })).toBe(0.5);
  });

  it("do not apply where there is nothing to compare, where EvalVault gives numbers", async () => {
    const bare = { output: "안내", contexts: ["안내문"] };
    expect(await scoreOf(entityPreservation, bare)).toBe("no_entities");
    expect(await scoreOf(summaryAccuracy, bare)).toBe("no_entities");
    expect(await scoreOf(entityPreservation, { output: "1억원" })).toBe("no_contexts");
    expect(await scoreOf(entityPreservation, bare, { compat: "evalvault" })).toBe(1);
    expect(await scoreOf(summaryAccuracy, bare, { compat: "evalvault" })).toBe(0);
    expect(await scoreOf(summaryAccuracy, { output: "안내", contexts }, { compat: "evalvault" })).toBe(0.5);
    expect(await scoreOf(entityPreservation, { output: "안내", contexts })).toBe(0);
  });
});

describe("summary_risk_coverage", () => {
  it("is the share of the expected tags the summary has words for", async () => {
    const parts = {
      output: "자기부담금 10%가 있고 한도는 1억원입니다.",
      metadata: { summary_tags: ["deductible", "limit", "exclusion", "mood"] },
    };
    expect(await scoreOf(summaryRiskCoverage, parts)).toBeCloseTo(2 / 3, 12);
    expect(await scoreOf(summaryRiskCoverage, parts, { compat: "evalvault" })).toBe(0.5);
  });

  it("does not find a cap in a capital", async () => {
    const parts = { output: "Our capital is high", metadata: { summary_tags: "limit" } };
    expect(await scoreOf(summaryRiskCoverage, parts)).toBe(0);
  });

  it("does not apply without expected tags", async () => {
    expect(await scoreOf(summaryRiskCoverage, { output: "한도" })).toBe("no_expected_tags");
    expect(await scoreOf(summaryRiskCoverage, { output: "한도" }, { compat: "evalvault" })).toBe(1);
    expect(await scoreOf(summaryRiskCoverage, { output: "한도" }, { expected: ["limit"] })).toBe(1);
  });
});

describe("summary_non_definitive", () => {
  it.each(["무조건 지급됩니다", "This is guaranteed", "100% 보장합니다"])(
    "finds certainty in %s",
    async (output) => {
      expect(await scoreOf(summaryNonDefinitive, { output })).toBe(0);
    },
  );

  it.each([
    "반드시 지급되는 것은 아닙니다",
    "치료비의 100%를 한도로 합니다",
    "It is not always paid",
    "약관에 따라 지급됩니다",
  ])("finds none in %s", async (output) => {
    expect(await scoreOf(summaryNonDefinitive, { output })).toBe(1);
  });
});

describe("summary_needs_followup", () => {
  const tagged = (output: string, summary_tags: readonly string[]) => ({
    output,
    metadata: { summary_tags },
  });

  it("wants a follow-up exactly where the tag does", async () => {
    expect(await scoreOf(summaryNeedsFollowup, tagged("담당자 확인이 필요합니다", ["needs_followup"]))).toBe(
      1,
    );
    expect(await scoreOf(summaryNeedsFollowup, tagged("지급됩니다", ["needs_followup"]))).toBe(0);
    expect(await scoreOf(summaryNeedsFollowup, tagged("담당자 확인이 필요합니다", ["limit"]))).toBe(0);
    expect(await scoreOf(summaryNeedsFollowup, tagged("지급됩니다", []))).toBe(1);
  });

  it("does not apply to a case without tags", async () => {
    expect(await scoreOf(summaryNeedsFollowup, { output: "지급됩니다" })).toBe("no_expected_tags");
    expect(await scoreOf(summaryNeedsFollowup, { output: "지급됩니다" }, { compat: "evalvault" })).toBe(1);
  });
});

describe("no_answer_accuracy", () => {
  it.each([
    ["문서에서 확인할 수 없습니다.", "정보 없음", 1, "true_abstention"],
    ["1억원입니다.", "정보 없음", 0, "hallucination"],
    ["모르겠습니다.", "1억원", 0, "false_abstention"],
    ["2억원입니다.", "1억원", 1, "true_answer"],
    ["The unknown risk is covered.", "Yes, unknown risks are covered.", 1, "true_answer"],
  ])("reads %s against %s", async (output, reference, score, verdict) => {
    const result = await resultOf(noAnswerAccuracy, { output, reference });
    expect(result.score).toBe(score);
    expect(result.evidence[0]?.verdict).toBe(verdict);
  });

  it("goes by metadata.answerable before the reference", async () => {
    expect(
      await scoreOf(noAnswerAccuracy, { output: "알 수 없습니다", metadata: { answerable: false } }),
    ).toBe(1);
    expect(
      await scoreOf(noAnswerAccuracy, { output: "알 수 없습니다", metadata: { answerable: true } }),
    ).toBe(0);
  });

  it("does not apply to an empty output, unless asked to do as EvalVault", async () => {
    expect(await scoreOf(noAnswerAccuracy, { output: "", reference: "정보 없음" })).toBe("empty_output");
    expect(
      await scoreOf(noAnswerAccuracy, { output: "", reference: "정보 없음" }, { compat: "evalvault" }),
    ).toBe(1);
    expect(await scoreOf(noAnswerAccuracy, { output: "1억원" })).toBe("no_reference");
  });
});

describe("confidence", () => {
  it("joins coverage, specificity and consistency, and says when to escalate", async () => {
    const parts = {
      output: "보장금액은 1억원입니다.",
      reference: "1억원",
      contexts: ["해당 보험의 사망 보장금액은 1억원입니다."],
    };
    const result = await resultOf(confidence, parts);
    // Coverage 1; specificity .3·1 + .4·.7 + .3·(.5 + .5·.3); consistency F1 of 1/2 and 1.
    const specificity = 0.3 + 0.4 * 0.7 + 0.3 * 0.65;
    expect(result.score).toBeCloseTo(0.4 + 0.3 * specificity + 0.3 * (2 / 3), 12);
    expect(result.evidence[0]).toMatchObject({ kind: "escalate", verdict: false });
  });

  it("escalates an answer the contexts do not carry", async () => {
    const result = await resultOf(confidence, {
      output: "아마 그럴 것 같습니다",
      contexts: ["보장금액은 1억원"],
    });
    expect(result.evidence[0]).toMatchObject({ kind: "escalate", verdict: true });
    expect(await scoreOf(confidence, { output: "1억원" })).toBe("no_contexts");
  });
});

describe("contextual_relevancy", () => {
  it("is the mean share of the question's words", async () => {
    const parts = {
      input: "보험료 납입 기간은 어떻게 되나요?",
      contexts: ["보험료 납입 기간은 20년입니다.", "회사 소개입니다."],
    };
    expect(await scoreOf(contextualRelevancy, parts)).toBe(0.5);
    expect(await scoreOf(contextualRelevancy, parts, { k: 1 })).toBe(1);
  });

  it("does not apply without contexts or words", async () => {
    expect(await scoreOf(contextualRelevancy, { input: "보험료" })).toBe("no_contexts");
    expect(await scoreOf(contextualRelevancy, { input: "그 이것?", contexts: ["a"] })).toBe(
      "no_content_tokens",
    );
  });
});
