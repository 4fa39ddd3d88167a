import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { EvaluationCase } from "../../../../../contracts/evaluation-case.ts";
import type { Metric } from "../../../../../src/modules/evaluation/metric.ts";
import { answerCorrectness } from "../../../../../src/modules/evaluation/metrics/judged/answer-correctness.ts";
import { factualCorrectness } from "../../../../../src/modules/evaluation/metrics/judged/factual-correctness.ts";
import { factuality } from "../../../../../src/modules/evaluation/metrics/judged/factuality.ts";
import { noiseSensitivity } from "../../../../../src/modules/evaluation/metrics/judged/noise-sensitivity.ts";
import { semanticSimilarity } from "../../../../../src/modules/evaluation/metrics/judged/semantic-similarity.ts";
import { judgedCase } from "../../../../support/judged-case.ts";
import { scriptedJudge } from "../../../../support/scripted-judge.ts";
import { type ScriptedLlmServer, startScriptedLlm } from "../../../../support/scripted-llm.ts";

let server: ScriptedLlmServer;
beforeAll(async () => {
  server = await startScriptedLlm({ defaultScorer: false });
});
beforeEach(() => server.reset());
afterAll(() => server.close());

const answer = (prompt: string, value: unknown, includes?: string) =>
  server.when({ prompt, answer: value, ...(includes === undefined ? {} : { includes }) });
const run = async <Options>(
  metric: Metric<Options>,
  options: unknown = {},
  one: EvaluationCase = judgedCase(),
) => metric.score(one, metric.options.parse(options), { judge: scriptedJudge(server) });

const verdicts = (...values: readonly (0 | 1 | "yes" | "no" | "idk")[]) => ({
  verdicts: values.map((verdict, index) => ({ index, reason: `reason ${index}`, verdict })),
});

const one = judgedCase({ output: "GIVEN", reference: "EXPECTED", contexts: ["CTX1", "CTX2"] });
const block = (name: string, text: string) => `\n${text}\n<<<END ${name}`;
const statements = (given: string[], expected: string[]) => {
  answer("statements", { statements: given }, block("response", "GIVEN"));
  answer("statements", { statements: expected }, block("response", "EXPECTED"));
};

describe("noise sensitivity", () => {
  // Given: g0 right, g1 wrong by CTX1, g2 wrong by CTX2 only, g3 wrong by both, g4 wrong by none.
  const world = () => {
    statements(["g0", "g1", "g2", "g3", "g4"], ["e0", "e1"]);
    answer("support_verdicts", ({ blocks }: { blocks: Record<string, string> }) => {
      const ofReference = blocks.statements?.includes("e0") === true;
      if (blocks.context === "EXPECTED") return verdicts(1, 0, 0, 0, 0);
      if (blocks.context === "CTX1") return ofReference ? verdicts(1, 0) : verdicts(1, 1, 0, 1, 0);
      return ofReference ? verdicts(0, 0) : verdicts(0, 0, 1, 1, 0);
    });
  };

  it("is the share of wrong statements that rest on a relevant context", async () => {
    world();
    const result = await run(noiseSensitivity, {}, one);
    expect(result.score).toBe(2 / 5);
    expect(result.evidence.filter(({ verdict }) => verdict === true).map(({ text }) => text)).toEqual([
      "g1",
      "g3",
      undefined,
    ]);
    expect(server.requests).toHaveLength(2 * 2 + 3);
  });

  it("counts in the other mode only those that rest on irrelevant contexts alone", async () => {
    world();
    expect((await run(noiseSensitivity, { mode: "irrelevant" }, one)).score).toBe(1 / 5);
  });

  it("does not apply when either side makes no statement", async () => {
    statements([], ["e0"]);
    expect((await run(noiseSensitivity, {}, one)).reasonCode).toBe("no_statements");
    server.reset();
    statements(["g0"], []);
    expect((await run(noiseSensitivity, {}, one)).reasonCode).toBe("no_reference_statements");
  });
});

describe("answer correctness", () => {
  const sorted = (labels: ("TP" | "FP")[], missing: ("covered" | "FN")[]) => {
    statements(
      labels.map((_, index) => `g${index}`),
      missing.map((_, index) => `e${index}`),
    );
    answer("correctness_sorting", {
      response: labels.map((label, index) => ({ index, reason: "r", label })),
      reference: missing.map((label, index) => ({ index, reason: "r", label })),
    });
    answer("embedding", { GIVEN: [1, 0], EXPECTED: [0.8, 0.6] });
  };

  it("weighs F1 of the statements with the cosine of both texts", async () => {
    sorted(["TP", "TP", "FP"], ["covered", "FN", "FN"]);
    const f1 = (2 * 2) / (2 * 2 + 1 + 2);
    expect((await run(answerCorrectness, {}, one)).score).toBeCloseTo(0.75 * f1 + 0.25 * 0.8, 12);
    const f2 = (5 * 2) / (5 * 2 + 4 * 2 + 1);
    expect(
      (await run(answerCorrectness, { beta: 2, factualityWeight: 3, similarityWeight: 1 }, one)).score,
    ).toBeCloseTo(0.75 * f2 + 0.25 * 0.8, 12);
  });

  it("asks nothing that has no weight", async () => {
    sorted(["TP"], ["FN"]);
    expect((await run(answerCorrectness, { similarityWeight: 0 }, one)).score).toBeCloseTo(2 / 3, 15);
    expect(server.requests).toHaveLength(3);
    server.requests.length = 0;
    expect((await run(answerCorrectness, { factualityWeight: 0 }, one)).score).toBeCloseTo(0.8, 12);
    expect(server.requests).toHaveLength(1);
    expect(answerCorrectness.options.safeParse({ factualityWeight: 0, similarityWeight: 0 }).success).toBe(
      false,
    );
  });

  it("is 0 in fact, not undefined, when nothing agrees", async () => {
    sorted(["FP"], ["FN"]);
    expect((await run(answerCorrectness, { similarityWeight: 0 }, one)).score).toBe(0);
  });

  it("does not apply when a side has no statements, where Ragas takes factuality as 1", async () => {
    statements([], ["e0"]);
    answer("embedding", { GIVEN: [1, 0], EXPECTED: [0.8, 0.6] });
    expect((await run(answerCorrectness, {}, one)).reasonCode).toBe("no_statements");
    expect((await run(answerCorrectness, { compat: "ragas" }, one)).score).toBeCloseTo(0.75 + 0.25 * 0.8, 12);
  });

  it("has no score for a zero vector, which Ragas takes as similarity 0", async () => {
    sorted(["TP"], ["covered"]);
    answer("embedding", { GIVEN: [0, 0], EXPECTED: [0.8, 0.6] });
    expect((await run(answerCorrectness, {}, one)).reasonCode).toBe("embedding_unusable");
    expect((await run(answerCorrectness, { compat: "ragas" }, one)).score).toBe(0.75);
  });
});

describe("factual correctness", () => {
  const claims = (given: (0 | 1)[], expected: (0 | 1)[], grain = "low_low") => {
    const prompt = `claim_decomposition_${grain}`;
    answer(prompt, { claims: given.map((_, index) => `g${index}`) }, block("text", "GIVEN"));
    answer(prompt, { claims: expected.map((_, index) => `e${index}`) }, block("text", "EXPECTED"));
    answer("support_verdicts", verdicts(...given), block("context", "EXPECTED"));
    answer("support_verdicts", verdicts(...expected), block("context", "GIVEN"));
  };

  it("gives precision, recall and F of the claims", async () => {
    claims([1, 1, 1, 0], [1, 0]);
    expect((await run(factualCorrectness, { mode: "precision" }, one)).score).toBe(3 / 4);
    expect(server.requests).toHaveLength(2);
    expect((await run(factualCorrectness, { mode: "recall" }, one)).score).toBe(3 / 4);
    expect((await run(factualCorrectness, {}, one)).score).toBeCloseTo(6 / (6 + 1 + 1), 15);
    expect((await run(factualCorrectness, { beta: 0.5 }, one)).score).toBeCloseTo(
      3.75 / (3.75 + 0.25 + 1),
      15,
    );
    expect((await run(factualCorrectness, {}, one)).evidence[0]).toEqual({
      kind: "counts",
      data: { tp: 3, fp: 1, fn: 1 },
    });
  });

  it("cuts at the grain that is asked for", async () => {
    claims([1], [1], "high_low");
    expect((await run(factualCorrectness, { atomicity: "high" }, one)).score).toBe(1);
  });

  it("rounds to two digits with an epsilon as Ragas does", async () => {
    claims([1, 1, 0], [1, 0]);
    expect((await run(factualCorrectness, { compat: "ragas" }, one)).score).toBe(0.67);
    server.reset();
    claims([], []);
    expect((await run(factualCorrectness, { compat: "ragas" }, one)).score).toBe(0);
  });

  it.each([
    ["precision", [], [1], "no_claims"],
    ["f1", [], [1], "no_claims"],
    ["f1", [1], [], "no_reference_claims"],
    ["recall", [1], [], "no_reference_claims"],
    ["recall", [0], [1], "recall_undefined"],
  ] as const)("does not apply to %s of %j and %j: %s", async (mode, given, expected, reason) => {
    claims([...given], [...expected]);
    const result = await run(factualCorrectness, { mode }, one);
    expect([result.status, result.reasonCode]).toEqual(["not_applicable", reason]);
  });

  it("is 0 when the claims contradict each other throughout", async () => {
    claims([0, 0], [0]);
    for (const mode of ["precision", "recall", "f1"])
      expect((await run(factualCorrectness, { mode }, one)).score).toBe(0);
  });
});

describe("factuality", () => {
  it.each([
    ["A", 1, 0.4],
    ["B", 1, 0.6],
    ["C", 1, 1],
    ["D", 0, 0],
    ["E", 1, 1],
  ])("gives the choice %s %d, or %d as autoevals", async (choice, house, autoevals) => {
    answer("factuality_choice", { reason: "r", choice });
    expect((await run(factuality, {}, one)).score).toBe(house);
    expect((await run(factuality, { compat: "autoevals" }, one)).score).toBe(autoevals);
  });

  it("takes scores of your own, and no other letter", async () => {
    answer("factuality_choice", { reason: "r", choice: "B" });
    expect((await run(factuality, { scores: { B: 0.3 } }, one)).score).toBe(0.3);
    answer("factuality_choice", { reason: "r", choice: "F" });
    expect((await run(factuality, {}, one)).status).toBe("judge_error");
  });
});

describe("semantic similarity", () => {
  it("is the cosine, made 0 or 1 by a threshold, or inverted", async () => {
    answer("embedding", { GIVEN: [3, 4], EXPECTED: [4, 3] });
    expect((await run(semanticSimilarity, {}, one)).score).toBeCloseTo(24 / 25, 12);
    expect((await run(semanticSimilarity, { threshold: 0.9 }, one)).score).toBe(1);
    expect((await run(semanticSimilarity, { threshold: 0.97 }, one)).score).toBe(0);
    expect((await run(semanticSimilarity, { inverse: true }, one)).score).toBeCloseTo(1 / 25, 12);
  });

  it("has no score for a zero vector, which promptfoo takes as 0", async () => {
    answer("embedding", { GIVEN: [0, 0], EXPECTED: [4, 3] });
    expect((await run(semanticSimilarity, {}, one)).status).toBe("judge_error");
    expect((await run(semanticSimilarity, { compat: "promptfoo" }, one)).score).toBe(0);
  });
});
