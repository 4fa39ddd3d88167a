import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { EvaluationCase } from "../../../../../contracts/evaluation-case.ts";
import type { Metric } from "../../../../../src/modules/evaluation/metric.ts";
import { faithfulness } from "../../../../../src/modules/evaluation/metrics/judged/faithfulness.ts";
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

describe("faithfulness by statements", () => {
  it("is the share of statements that the contexts support, with each verdict and reason as evidence", async () => {
    answer("statements", { statements: ["a", "b", "c", "d"] });
    answer("support_verdicts", { verdicts: verdicts(1, 0, 1, 1).verdicts.toReversed() });
    const result = await run(faithfulness, {}, judgedCase({ contexts: ["first", "second"] }));
    expect(result).toMatchObject({ status: "scored", score: 0.75, reasonCode: "ok" });
    expect(result.evidence).toEqual([
      { kind: "statement", text: "a", verdict: 1, reason: "reason 0" },
      { kind: "statement", text: "b", verdict: 0, reason: "reason 1" },
      { kind: "statement", text: "c", verdict: 1, reason: "reason 2" },
      { kind: "statement", text: "d", verdict: 1, reason: "reason 3" },
    ]);
    expect(server.requests[1]?.blocks.context).toBe("first\nsecond");
    expect(result.judgeCalls.map((call) => `${call.promptName}@${call.promptVersion}`)).toEqual([
      "statements@1",
      "support_verdicts@1",
    ]);
  });

  it.each([
    ["none", "not_applicable", undefined, "no_statements"],
    ["deepeval", "scored", 1, "ok"],
    ["autoevals", "scored", 0, "ok"],
  ] as const)("makes of no statements, as %s: %s %s", async (compat, status, score, reasonCode) => {
    answer("statements", { statements: [] });
    const result = await run(faithfulness, { compat });
    expect([result.status, result.score, result.reasonCode]).toEqual([status, score, reasonCode]);
    expect(result.tokens.input).toBeGreaterThan(0);
  });

  it("asks again for a statement without a verdict, and never counts it as unsupported", async () => {
    answer("statements", { statements: ["a", "b"] });
    answer("support_verdicts", verdicts(1));
    const result = await run(faithfulness);
    expect([result.status, result.reasonCode, result.score]).toEqual([
      "judge_error",
      "judge_unparsable",
      undefined,
    ]);
    expect(result.evidence[0]?.reason).toContain("statement 1 has no verdict");
    expect(server.requests).toHaveLength(3);
    expect(result.judgeCalls).toHaveLength(2);
    expect(result.tokens.input).toBe(result.judgeCalls.reduce((sum, call) => sum + call.inputTokens, 0));
  });

  it("zeroes a score below the strict threshold", async () => {
    answer("statements", { statements: ["a", "b"] });
    answer("support_verdicts", verdicts(1, 0));
    expect((await run(faithfulness, { strictBelow: 0.6 })).score).toBe(0);
    expect((await run(faithfulness, { strictBelow: 0.5 })).score).toBe(0.5);
  });

  it("shows the judge a whole conversation, and takes its last message as the response", async () => {
    answer("statements", { statements: ["a"] });
    answer("support_verdicts", verdicts(1));
    const input = [
      { role: "user" as const, content: "암보험 있어요?" },
      { role: "assistant" as const, content: "네." },
      { role: "user" as const, content: "얼마예요?" },
      { role: "assistant" as const, content: "월 2만원입니다." },
    ];
    await run(faithfulness, {}, judgedCase({ input, output: null }));
    expect(server.requests[0]?.blocks).toEqual({
      question: "user: 암보험 있어요?\nassistant: 네.\nuser: 얼마예요?",
      response: "월 2만원입니다.",
    });
  });
});

describe("faithfulness by claims", () => {
  const claims = () => {
    answer("claims", { claims: ["t1", "t2"] }, "The tower stands");
    answer("claims", { claims: ["a", "b", "c", "d"] }, "It is 88");
    answer("claim_verdicts", verdicts("yes", "idk", "no", "idk"));
  };

  it("counts only a contradiction against the response", async () => {
    claims();
    expect((await run(faithfulness, { variant: "claims" })).score).toBe(0.75);
    expect(server.requests.at(-1)?.blocks.source).toBe("t1\nt2");
  });

  it("counts what is left open against it when told", async () => {
    claims();
    expect((await run(faithfulness, { variant: "claims", penalizeAmbiguousClaims: true })).score).toBe(0.25);
  });

  it("does not apply to a response without claims, unless compatible with DeepEval", async () => {
    answer("claims", { claims: [] });
    expect((await run(faithfulness, { variant: "claims" })).reasonCode).toBe("no_statements");
    expect((await run(faithfulness, { variant: "claims", compat: "deepeval" })).score).toBe(1);
  });
});
