import * as z from "zod";
import type { ToolCall } from "../../../../contracts/evaluation-case.ts";
import { defineMetric, notApplicable, scored } from "../metric.ts";
import { readToolCalls } from "./case-reading.ts";
import { argumentOverlap, sameValue } from "./tool-arguments.rules.ts";

const maxCallPairs = 1_000_000;

const options = z.strictObject({
  /** `any`: best match for each expected call. `ordered`: heaviest common subsequence. `exact`: the same list. */
  mode: z.enum(["any", "ordered", "exact"]).default("any"),
  /** Also compare the arguments: matching members over all members. */
  arguments: z.boolean().default(false),
});

/**
 * How many of the expected tools were called, by name and kind (function or MCP; function when not given). `any` and
 * `ordered` divide the weight of the matches by the number expected, `exact` is 1 or 0. Both lists empty 1, none
 * expected but some called 0. Source: DeepEval `ToolCorrectnessMetric`.
 */
export const toolCorrectness = defineMetric({
  name: "tool_correctness",
  title: { en: "Tool correctness", ko: "도구 선택 정확도" },
  family: "tools",
  direction: "higher",
  range: [0, 1],
  needs: ["toolCalls", "referenceToolCalls"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "DeepEval ToolCorrectnessMetric",
  options,
  score(evaluationCase, { mode, arguments: withArguments }) {
    const calls = readToolCalls(evaluationCase);
    if (!calls.ok) return calls.result;
    const { called, expected } = calls.value;
    if (called.length * expected.length > maxCallPairs) return notApplicable("too_many_tool_calls");
    const data = {
      mode,
      called: called.map((call) => call.name),
      expected: expected.map((call) => call.name),
    };
    if (expected.length === 0) return scored(called.length === 0 ? 1 : 0, [{ kind: "tools", data }]);
    const weight = (want: ToolCall, call: ToolCall): number => matchWeight(want, call, withArguments);
    if (mode === "exact")
      return scored(sameList(called, expected, withArguments) ? 1 : 0, [{ kind: "tools", data }]);
    const total =
      mode === "ordered"
        ? heaviestSubsequence(expected, called, weight)
        : bestMatches(expected, called, weight);
    return scored(total / expected.length, [{ kind: "tools", data: { ...data, weight: total } }]);
  },
});

function sameTool(a: ToolCall, b: ToolCall): boolean {
  return a.name === b.name && (a.kind ?? "function") === (b.kind ?? "function");
}

function matchWeight(want: ToolCall, call: ToolCall, withArguments: boolean): number {
  if (!sameTool(want, call)) return 0;
  return withArguments ? argumentOverlap(call.args, want.args) : 1;
}

function sameList(
  called: readonly ToolCall[],
  expected: readonly ToolCall[],
  withArguments: boolean,
): boolean {
  if (called.length !== expected.length) return false;
  return called.every((call, index) => {
    const want = expected[index];
    return want !== undefined && sameTool(call, want) && (!withArguments || sameValue(call.args, want.args));
  });
}

type Weigh = (want: ToolCall, call: ToolCall) => number;

/** Each expected call takes the best call not taken yet, in the order of the reference. */
function bestMatches(expected: readonly ToolCall[], called: readonly ToolCall[], weigh: Weigh): number {
  const taken = new Set<number>();
  let total = 0;
  for (const want of expected) {
    let best = { index: -1, weight: 0 };
    called.forEach((call, index) => {
      const weight = taken.has(index) ? 0 : weigh(want, call);
      if (weight > best.weight) best = { index, weight };
    });
    if (best.index >= 0) taken.add(best.index);
    total += best.weight;
  }
  return total;
}

function heaviestSubsequence(
  expected: readonly ToolCall[],
  called: readonly ToolCall[],
  weigh: Weigh,
): number {
  let row = new Float64Array(called.length + 1);
  for (const want of expected) {
    const next = new Float64Array(called.length + 1);
    called.forEach((call, index) => {
      const weight = weigh(want, call);
      const matched = weight > 0 ? (row[index] ?? 0) + weight : 0;
      next[index + 1] = Math.max(row[index + 1] ?? 0, next[index] ?? 0, matched);
    });
    row = next;
  }
  return row[called.length] ?? 0;
}
