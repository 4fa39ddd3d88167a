import * as z from "zod";
import { defineMetric, scored } from "../metric.ts";
import { readToolCalls } from "./case-reading.ts";
import { callKey, matchedArguments } from "./tool-arguments.rules.ts";

const options = z.strictObject({
  /** `strict`: the calls in the order of the reference. `flexible`: in any order. */
  order: z.enum(["strict", "flexible"]).default("strict"),
});

/**
 * When the names of the calls are those of the reference (in order), the mean over the reference calls of the share of
 * arguments with the reference value; else 0, so a missing or extra call is 0. Both lists empty 1, one empty 0.
 * Arguments are compared as JSON values. Source: Ragas `ToolCallAccuracy`.
 */
export const toolCallAccuracy = defineMetric({
  name: "tool_call_accuracy",
  title: { en: "Tool-call accuracy", ko: "도구 호출 정확도" },
  family: "tools",
  direction: "higher",
  range: [0, 1],
  needs: ["toolCalls", "referenceToolCalls"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Ragas ToolCallAccuracy",
  options,
  score(evaluationCase, { order }) {
    const calls = readToolCalls(evaluationCase);
    if (!calls.ok) return calls.result;
    const arranged = (list: typeof calls.value.called): typeof list =>
      order === "strict" ? list : list.toSorted((a, b) => (callKey(a) < callKey(b) ? -1 : 1));
    const called = arranged(calls.value.called);
    const expected = arranged(calls.value.expected);
    const aligned =
      called.length === expected.length && called.every((call, index) => call.name === expected[index]?.name);
    const evidence = expected.map((call, index) => ({
      kind: "tool_call",
      text: call.name,
      verdict: aligned ? matchedArguments(called[index]?.args ?? {}, call.args) : 0,
      data: { called: called[index]?.name ?? null },
    }));
    if (expected.length === 0) return scored(aligned ? 1 : 0, evidence);
    return scored(evidence.reduce((sum, piece) => sum + piece.verdict, 0) / expected.length, [
      { kind: "sequence", verdict: aligned, data: { order } },
      ...evidence,
    ]);
  },
});
