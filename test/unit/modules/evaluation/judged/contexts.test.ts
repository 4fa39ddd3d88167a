import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { EvaluationCase } from "../../../../../contracts/evaluation-case.ts";
import type { Metric } from "../../../../../src/modules/evaluation/metric.ts";
import { contextEntityRecall } from "../../../../../src/modules/evaluation/metrics/judged/context-entity-recall.ts";
import { contextPrecision } from "../../../../../src/modules/evaluation/metrics/judged/context-precision.ts";
import { contextRecall } from "../../../../../src/modules/evaluation/metrics/judged/context-recall.ts";
import { contextRelevance } from "../../../../../src/modules/evaluation/metrics/judged/context-relevance.ts";
import { contextUtilization } from "../../../../../src/modules/evaluation/metrics/judged/context-utilization.ts";
import {
  averagePrecision,
  fBeta,
} from "../../../../../src/modules/evaluation/metrics/judged/precision-recall.rules.ts";
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

const useful = (text: string, verdict: 0 | 1) =>
  answer("context_usefulness", { reason: "r", verdict }, `\n${text}\n`);
const contexts = ["one", "two", "three", "four"];

describe("average precision", () => {
  it.each([
    [[true, false], 1],
    [[false, true], 0.5],
    [[true, false, true], (1 + 2 / 3) / 2],
    [[false, true, true, false], (1 / 2 + 2 / 3) / 2],
    [[false, false], 0],
    [[], 0],
  ])("of %j is %f", (verdicts, expected) => {
    expect(averagePrecision(verdicts)).toBeCloseTo(expected, 15);
  });

  it("has the published values of Ragas with its epsilon", () => {
    expect(averagePrecision([true, false], 1e-10)).toBeCloseTo(0.9999999999, 12);
    expect(averagePrecision([false, true], 1e-10)).toBeCloseTo(0.49999999995, 12);
  });

  it("weighs recall by beta in F", () => {
    expect(fBeta(2, 1, 2, 1)).toBeCloseTo((2 * 2) / (2 * 2 + 1 + 2), 15);
    const [precision, recall] = [2 / 3, 2 / 4];
    expect(fBeta(2, 1, 2, 2)).toBeCloseTo((5 * precision * recall) / (4 * precision + recall), 15);
    expect(fBeta(0, 0, 0, 1)).toBeNull();
  });
});

describe("context precision and utilization", () => {
  it("ask once for each context and average the precision at the useful ranks", async () => {
    useful("one", 0);
    useful("two", 1);
    useful("three", 0);
    useful("four", 1);
    const result = await run(contextPrecision, {}, judgedCase({ contexts }));
    expect(result.score).toBeCloseTo((1 / 2 + 2 / 4) / 2, 15);
    expect(result.evidence.map(({ verdict, data }) => [data?.rank, verdict])).toEqual([
      [1, 0],
      [2, 1],
      [3, 0],
      [4, 1],
    ]);
    expect(server.requests).toHaveLength(4);
    expect(new Set(server.requests.map(({ blocks }) => blocks.answer))).toEqual(
      new Set(["The tower is 88 metres tall."]),
    );
  });

  it("put the response in the reference's place", async () => {
    useful("one", 1);
    const result = await run(contextUtilization, {}, judgedCase({ contexts: ["one"], reference: null }));
    expect(result.score).toBe(1);
    expect(server.requests[0]?.blocks.answer).toBe("It is 88 metres tall.");
  });

  it("keep the rank of a blank context, which is useless without a call", async () => {
    useful("one", 1);
    expect((await run(contextPrecision, {}, judgedCase({ contexts: ["  ", "one"] }))).score).toBe(0.5);
    expect(server.requests).toHaveLength(1);
  });

  it("are 0 when nothing is useful", async () => {
    useful("one", 0);
    expect((await run(contextPrecision, {}, judgedCase({ contexts: ["one"] }))).score).toBe(0);
  });

  it("have the epsilon of Ragas and the single verdict of autoevals as options", async () => {
    useful("one", 1);
    expect((await run(contextPrecision, { compat: "ragas" }, judgedCase({ contexts: ["one"] }))).score).toBe(
      1 / (1 + 1e-10),
    );
    server.reset();
    answer("context_usefulness", { reason: "r", verdict: 1 });
    expect((await run(contextPrecision, { compat: "autoevals" }, judgedCase({ contexts }))).score).toBe(1);
    expect(server.requests.map(({ blocks }) => blocks.context)).toEqual(["one\ntwo\nthree\nfour"]);
  });
});

describe("context recall", () => {
  const sentence = (attributed: 0 | 1) => ({ sentence: `s${attributed}`, reason: "r", attributed });

  it("is the share of the reference's sentences that the contexts account for", async () => {
    answer("reference_attribution", { sentences: [sentence(1), sentence(0), sentence(1)] });
    const result = await run(contextRecall);
    expect(result.score).toBeCloseTo(2 / 3, 15);
    expect(result.evidence[1]).toEqual({ kind: "sentence", text: "s0", verdict: 0, reason: "r" });
  });

  it("does not apply to a reference without sentences, which DeepEval and autoevals give 0", async () => {
    answer("reference_attribution", { sentences: [] });
    expect((await run(contextRecall)).reasonCode).toBe("no_statements");
    expect((await run(contextRecall, { compat: "deepeval" })).score).toBe(0);
    expect((await run(contextRecall, { compat: "autoevals" })).score).toBe(0);
  });
});

describe("context entity recall", () => {
  const entities = (reference: string[], found: string[]) => {
    answer("entities", { entities: found });
    answer("entities", { entities: reference }, "The tower is 88");
  };

  it("is the share of the reference's distinct entities found in the contexts, exactly as written but for NFC", async () => {
    entities(["서울", "서울", "1998", "Porto"], ["서울".normalize("NFD"), " 1998 ", "porto"]);
    expect((await run(contextEntityRecall)).score).toBeCloseTo(2 / 3, 15);
  });

  it("does not apply without entities in the reference, where Ragas gives 0 by its epsilon", async () => {
    entities([], ["x"]);
    expect((await run(contextEntityRecall)).reasonCode).toBe("no_entities");
    expect((await run(contextEntityRecall, { compat: "ragas" })).score).toBe(0);
    server.reset();
    entities(["x"], ["x"]);
    expect((await run(contextEntityRecall, { compat: "ragas" })).score).toBe(1 / (1 + 1e-8));
  });
});

describe("context relevance", () => {
  it("averages the halves of two ratings", async () => {
    answer("context_rating", { rating: 2 });
    answer("context_rating_other", { rating: 1 });
    expect((await run(contextRelevance)).score).toBe(0.75);
  });

  it("lets the other rating stand when one can't be used, and is a judge error when neither can", async () => {
    answer("context_rating", { rating: 3 });
    answer("context_rating_other", { rating: 1 });
    expect((await run(contextRelevance)).score).toBe(0.5);
    answer("context_rating_other", "none");
    const result = await run(contextRelevance);
    expect([result.status, result.reasonCode]).toEqual(["judge_error", "judge_unparsable"]);
    expect(result.judgeCalls).toHaveLength(2);
  });

  it("counts relevant statements over all contexts, as DeepEval does", async () => {
    const of = (...verdicts: ("yes" | "no")[]) => ({
      statements: verdicts.map((verdict) => ({ statement: "s", reason: "r", verdict })),
    });
    answer("relevant_statements", of("yes", "no", "no"), "\none\n");
    answer("relevant_statements", of("yes"), "\ntwo\n");
    expect(
      (await run(contextRelevance, { variant: "statements" }, judgedCase({ contexts: ["one", "two"] })))
        .score,
    ).toBe(0.5);
    answer("relevant_statements", of());
    expect((await run(contextRelevance, { variant: "statements" })).reasonCode).toBe("no_statements");
  });

  it("counts needed units, a unit being a context, else a line, else a sentence", async () => {
    answer("relevant_units", { relevant: [{ index: 0, reason: "r" }] });
    const scoreOf = async (texts: string[]) =>
      (await run(contextRelevance, { variant: "units" }, judgedCase({ contexts: texts }))).score;
    expect(await scoreOf(contexts)).toBe(1 / 4);
    expect(await scoreOf(["line one\nline two\n\nline three"])).toBeCloseTo(1 / 3, 15);
    expect(await scoreOf(["One sentence. Another sentence."])).toBe(1 / 2);
    answer("relevant_units", { relevant: [] });
    expect(await scoreOf(contexts)).toBe(0);
    answer("relevant_units", { relevant: [{ index: 9, reason: "r" }] });
    expect(await scoreOf(contexts)).toBeUndefined();
  });
});
