import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { EvaluationCase } from "../../../../../contracts/evaluation-case.ts";
import type { Metric } from "../../../../../src/modules/evaluation/metric.ts";
import { answerRelevancy } from "../../../../../src/modules/evaluation/metrics/judged/answer-relevancy.ts";
import { answerRelevancyStatements } from "../../../../../src/modules/evaluation/metrics/judged/answer-relevancy-statements.ts";
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

describe("answer relevancy by generated questions", () => {
  const questions = (...noncommittal: readonly (0 | 1)[]) => {
    let next = 0;
    answer("question_of_answer", () => {
      const index = next++;
      return { question: `q${index}`, noncommittal: noncommittal[index] ?? 0 };
    });
    answer("embedding", { "How tall is the tower?": [1, 0], q0: [1, 0], q1: [0.6, 0.8], q2: [0.8, 0.6] });
  };

  it("is the mean cosine between the question asked and n generated ones", async () => {
    questions();
    const result = await run(answerRelevancy);
    expect(result.score).toBeCloseTo((1 + 0.6 + 0.8) / 3, 12);
    expect(result.evidence.map(({ data }) => data)).toEqual(Array(3).fill({ noncommittal: false }));
    expect(result.judgeCalls.filter(({ promptName }) => promptName === "embedding")).toHaveLength(1);
  });

  it("asks n times with a temperature of its own, so that the questions differ", async () => {
    questions();
    await run(answerRelevancy);
    const asked = server.requests.filter(({ promptName }) => promptName === "question_of_answer");
    expect(asked.map(({ body }) => body.temperature)).toEqual([0.3, 0.3, 0.3]);
  });

  it("is 0 when every generation calls the response noncommittal, not when only some do", async () => {
    questions(1, 1, 1);
    expect((await run(answerRelevancy)).score).toBe(0);
    server.reset();
    questions(1, 1, 0);
    expect((await run(answerRelevancy)).score).toBeCloseTo(0.8, 12);
  });

  it("rescales each cosine and zeroes for any noncommittal one, as autoevals does", async () => {
    questions();
    const scaled = (s: number) => Math.min(1, Math.max(0, (s - 0.7) / 0.3));
    expect((await run(answerRelevancy, { compat: "autoevals" })).score).toBeCloseTo(
      (scaled(1) + scaled(0.6) + scaled(0.8)) / 3,
      12,
    );
    server.reset();
    questions(0, 1, 0);
    expect((await run(answerRelevancy, { compat: "autoevals" })).score).toBe(0);
  });

  it("has no score when a vector is zero or the vectors differ in length", async () => {
    for (const q0 of [
      [0, 0],
      [1, 0, 0],
    ]) {
      server.reset();
      answer("question_of_answer", { question: "q0", noncommittal: 0 });
      answer("embedding", { "How tall is the tower?": [1, 0], q0 });
      const result = await run(answerRelevancy, { n: 1 });
      expect([result.status, result.reasonCode]).toEqual(["judge_error", "embedding_unusable"]);
    }
  });

  it("compares with what the user said last", async () => {
    answer("question_of_answer", { question: "q0", noncommittal: 0 });
    answer("embedding", { "and the tower?": [3, 4], q0: [3, 4] });
    const input = [
      { role: "user" as const, content: "How tall is the dome?" },
      { role: "assistant" as const, content: "40 metres." },
      { role: "user" as const, content: "and the tower?" },
    ];
    expect((await run(answerRelevancy, { n: 1 }, judgedCase({ input }))).score).toBeCloseTo(1, 12);
  });
});

describe("answer relevancy by statements", () => {
  it("is the share of statements that are not irrelevant", async () => {
    answer("statements", { statements: ["a", "b", "c"] });
    answer("statement_relevance", verdicts("yes", "idk", "no"));
    expect((await run(answerRelevancyStatements)).score).toBeCloseTo(2 / 3, 12);
  });

  it("does not apply to an answer without statements, which DeepEval gives 1", async () => {
    answer("statements", { statements: [] });
    expect((await run(answerRelevancyStatements)).reasonCode).toBe("no_statements");
    expect((await run(answerRelevancyStatements, { compat: "deepeval" })).score).toBe(1);
  });
});
