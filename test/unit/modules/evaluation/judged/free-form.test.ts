import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { EvaluationCase } from "../../../../../contracts/evaluation-case.ts";
import type { Metric } from "../../../../../src/modules/evaluation/metric.ts";
import { closedQa } from "../../../../../src/modules/evaluation/metrics/judged/closed-qa.ts";
import { gEval } from "../../../../../src/modules/evaluation/metrics/judged/g-eval.ts";
import { llmRubric } from "../../../../../src/modules/evaluation/metrics/judged/llm-rubric.ts";
import { summarizationAlignment } from "../../../../../src/modules/evaluation/metrics/judged/summarization-alignment.ts";
import { summarizationQa } from "../../../../../src/modules/evaluation/metrics/judged/summarization-qa.ts";
import { weighScore } from "../../../../../src/modules/evaluation/metrics/judged/weigh-score.rules.ts";
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

const answers = (...values: readonly ("yes" | "no" | "idk")[]) => ({
  answers: values.map((value, index) => ({ index, answer: value })),
});

describe("summarization by questions", () => {
  const source = "가".repeat(80) + "🙂".repeat(20);
  const one = judgedCase({ output: "요".repeat(25), contexts: [source] });
  const questions = () => {
    answer("key_phrases", { keyphrases: ["a", "b"] });
    answer("key_phrase_questions", { questions: ["a?", "b?", "c?", "d?"] });
    answer("closed_answers", answers("yes", "no", "yes", "yes"));
  };

  it("weighs the share of answered questions with conciseness in code points", async () => {
    questions();
    expect((await run(summarizationQa, {}, one)).score).toBeCloseTo(0.5 * 0.75 + 0.5 * (1 - 25 / 100), 15);
    expect((await run(summarizationQa, { coefficient: 0.2 }, one)).score).toBeCloseTo(
      0.8 * 0.75 + 0.2 * 0.75,
      15,
    );
    expect((await run(summarizationQa, { lengthPenalty: false }, one)).score).toBe(0.75);
    expect((await run(summarizationQa, { compat: "ragas" }, one)).score).toBeCloseTo(0.75, 9);
  });

  it("gives no conciseness to a summary as long as its text", async () => {
    questions();
    expect(
      (
        await run(
          summarizationQa,
          { coefficient: 1 },
          judgedCase({ output: `${source}!`, contexts: [source] }),
        )
      ).score,
    ).toBe(0);
  });

  it("does not apply without a text, key phrases or questions", async () => {
    expect((await run(summarizationQa, {}, judgedCase({ contexts: [], input: " " }))).reasonCode).toBe(
      "no_source_text",
    );
    expect(
      (await run(summarizationQa, { source: "contexts" }, judgedCase({ contexts: [] }))).reasonCode,
    ).toBe("no_source_text");
    answer("key_phrases", { keyphrases: [] });
    expect((await run(summarizationQa, {}, one)).reasonCode).toBe("no_key_phrases");
    answer("key_phrases", { keyphrases: ["a"] });
    answer("key_phrase_questions", { questions: [] });
    expect((await run(summarizationQa, {}, one)).reasonCode).toBe("no_questions");
  });

  it("reads the reference contexts first, then the contexts, then the input", async () => {
    answer("key_phrases", { keyphrases: [] });
    await run(summarizationQa, {}, judgedCase({ contexts: ["c"], referenceContexts: ["r1", "r2"] }));
    await run(summarizationQa, {}, judgedCase({ contexts: ["c"] }));
    await run(summarizationQa, {}, judgedCase({ contexts: [] }));
    expect(server.requests.map(({ blocks }) => blocks.text)).toEqual([
      "r1\nr2",
      "c",
      "How tall is the tower?",
    ]);
  });
});

describe("summarization by alignment and coverage", () => {
  const one = judgedCase({ output: "SUMMARY", contexts: ["SOURCE"] });
  const world = () => {
    answer("claims", { claims: ["a", "b", "c"] });
    answer("claim_verdicts", verdicts("yes", "idk", "yes"));
    answer("closed_questions", { questions: ["q0", "q1", "q2", "q3"] });
    answer("closed_answers", answers("yes", "yes", "no", "yes"), "\nSOURCE\n");
    answer("closed_answers", answers("yes", "no", "yes", "yes"), "\nSUMMARY\n");
  };

  it("is the lesser of confirmed claims and of questions that both answer yes", async () => {
    world();
    const result = await run(summarizationAlignment, {}, one);
    expect(result.score).toBeCloseTo(Math.min(2 / 3, 2 / 3), 15);
    answer("claim_verdicts", verdicts("yes", "yes", "yes"));
    expect((await run(summarizationAlignment, {}, one)).score).toBeCloseTo(2 / 3, 15);
    answer("claim_verdicts", verdicts("no", "no", "yes"));
    expect((await run(summarizationAlignment, {}, one)).score).toBeCloseTo(1 / 3, 15);
    expect(result.evidence.slice(0, 2)).toEqual([
      { kind: "alignment", verdict: 2 / 3 },
      { kind: "coverage", verdict: 2 / 3 },
    ]);
  });

  it("takes questions of your own", async () => {
    world();
    await run(summarizationAlignment, { questions: ["q0", "q1", "q2", "q3"] }, one);
    expect(server.requests.some(({ promptName }) => promptName === "closed_questions")).toBe(false);
  });

  it("does not apply without claims or without questions that the text answers, which DeepEval gives 0", async () => {
    world();
    answer("claims", { claims: [] });
    expect((await run(summarizationAlignment, {}, one)).reasonCode).toBe("no_claims");
    expect((await run(summarizationAlignment, { compat: "deepeval" }, one)).score).toBe(0);
    server.reset();
    world();
    answer("closed_answers", answers("no", "no", "idk", "no"), "\nSOURCE\n");
    expect((await run(summarizationAlignment, {}, one)).reasonCode).toBe("no_questions");
  });
});

describe("G-Eval", () => {
  const ln = Math.log;

  it("weighs the candidates of the score's token that are whole numbers of at least 1 %", () => {
    const candidates = [
      { token: "7", logprob: ln(0.6) },
      { token: " 8", logprob: ln(0.3) },
      { token: "9", logprob: ln(0.009) },
      { token: "11", logprob: ln(0.05) },
      { token: "seven", logprob: ln(0.04) },
    ];
    const weighed = weighScore(7, { lowest: 0, highest: 10 }, [
      [{ token: "7", logprob: 0 }],
      candidates,
      [{ token: "}", logprob: 0 }],
    ]);
    expect(weighed.score).toBeCloseTo((7 * 0.6 + 8 * 0.3) / 0.9, 12);
    expect(weighed.candidates).toHaveLength(2);
  });

  it("keeps the raw score without log probabilities or without a token of its own", () => {
    const scale = { lowest: 0, highest: 10 };
    expect(weighScore(7, scale, undefined).score).toBe(7);
    expect(weighScore(10, scale, [[{ token: "1", logprob: 0 }], [{ token: "0", logprob: 0 }]]).score).toBe(
      10,
    );
  });

  it("derives steps, scores by them and scales to one", async () => {
    answer("evaluation_steps", { steps: ["s1", "s2"] });
    server.when({
      prompt: "step_score",
      answer: { reason: "r", score: 4 },
      logprobs: [
        { token: '{"reason":"r","score":', logprob: 0, top: {} },
        { token: "4", logprob: ln(0.5), top: { "4": ln(0.5), "2": ln(0.5) } },
        { token: "}", logprob: 0, top: {} },
      ],
    });
    const result = await run(gEval, { criteria: "be brief", lowest: 1, highest: 5 });
    expect(result.score).toBeCloseTo((3 - 1) / 4, 12);
    expect(server.requests[0]?.blocks).toEqual({ criteria: "be brief", parts: "input, output" });
    expect(server.requests[1]?.body.top_logprobs).toBe(20);
    expect((await run(gEval, { lowest: 1, highest: 5, logprobs: false })).score).toBeCloseTo(0.75, 12);
  });

  it("takes steps of your own and shows only the parts that are named", async () => {
    answer("step_score", { reason: "r", score: 10 });
    expect((await run(gEval, { steps: ["s"], parts: ["output", "reference", "contexts"] })).score).toBe(1);
    expect(Object.keys(server.requests[0]?.blocks ?? {})).toEqual([
      "steps",
      "output",
      "reference",
      "context",
    ]);
  });

  it("does not apply when a named part is missing, and is a judge error off the scale", async () => {
    const one = judgedCase({ reference: null });
    expect((await run(gEval, { parts: ["output", "reference"] }, one)).reasonCode).toBe("no_reference");
    answer("step_score", { reason: "r", score: 11 });
    expect((await run(gEval, { steps: ["s"] })).status).toBe("judge_error");
    expect(gEval.options.safeParse({ lowest: 5, highest: 5 }).success).toBe(false);
  });
});

describe("rubrics and criteria", () => {
  it("grade by the rubric of the options", async () => {
    answer("rubric", { reason: "r", pass: true, score: 0.8 });
    const result = await run(llmRubric, { rubric: "be kind" });
    expect(result.score).toBe(0.8);
    expect(result.evidence).toEqual([{ kind: "grade", verdict: true, reason: "r" }]);
    answer("rubric", { reason: "r", pass: true, score: 1.2 });
    expect((await run(llmRubric, { rubric: "be kind" })).status).toBe("judge_error");
  });

  it("grade by the levels of the case's own rubric", async () => {
    const rubric = { score1_description: "bad", score3_description: "fair", score5_description: "good" };
    answer("rubric_level", { reason: "r", index: 1 });
    expect((await run(llmRubric, {}, judgedCase({ rubric }))).score).toBe(0.5);
    expect((await run(llmRubric, {}, judgedCase({ rubric: { low: "a", high: "b" } }))).reasonCode).toBe(
      "rubric_without_scale",
    );
  });

  it("do not apply without a rubric or criterion", async () => {
    expect((await run(llmRubric)).reasonCode).toBe("no_rubric");
    expect((await run(closedQa)).reasonCode).toBe("no_criteria");
  });

  it("give 1 or 0 for one criterion", async () => {
    answer("criterion", { reason: "r", verdict: "Y" });
    expect((await run(closedQa, { criteria: "it is short" })).score).toBe(1);
    answer("criterion", { reason: "r", verdict: "N" });
    expect((await run(closedQa, {}, judgedCase({ rubric: { rule: "it is long" } }))).score).toBe(0);
    expect(server.requests.at(-1)?.blocks.criterion).toBe("it is long");
  });
});
