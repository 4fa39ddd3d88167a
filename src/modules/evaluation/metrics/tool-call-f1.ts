import * as z from "zod";
import { defineMetric, scored } from "../metric.ts";
import { fMeasure, share } from "../text/f-measure.ts";
import { readToolCalls } from "./case-reading.ts";
import { callKey } from "./tool-arguments.rules.ts";

const options = z.strictObject({
  /** `ragas`: two empty lists score 0. */
  compat: z.enum(["none", "ragas"]).default("none"),
});

/**
 * F1 of the sets of calls (name with canonical arguments) made and expected. Two empty lists score 1: no call was
 * wanted and none was made. Source: Ragas `ToolCallF1`; 2 right and 1 extra give 0.8, whatever its guide prints.
 */
export const toolCallF1 = defineMetric({
  name: "tool_call_f1",
  title: { en: "Tool-call F1", ko: "도구 호출 F1" },
  family: "tools",
  direction: "higher",
  range: [0, 1],
  needs: ["toolCalls", "referenceToolCalls"],
  usesJudge: false,
  usesEmbeddings: false,
  source: "Ragas ToolCallF1",
  options,
  score(evaluationCase, { compat }) {
    const calls = readToolCalls(evaluationCase);
    if (!calls.ok) return calls.result;
    const called = new Set(calls.value.called.map(callKey));
    const expected = new Set(calls.value.expected.map(callKey));
    if (called.size === 0 && expected.size === 0)
      return scored(compat === "ragas" ? 0 : 1, [{ kind: "tool_calls" }]);
    const hits = [...called].filter((key) => expected.has(key)).length;
    const precision = share(hits, called.size);
    const recall = share(hits, expected.size);
    const data = {
      truePositives: hits,
      falsePositives: called.size - hits,
      falseNegatives: expected.size - hits,
    };
    return scored(fMeasure(precision, recall), [
      { kind: "tool_calls", data: { ...data, precision, recall } },
    ]);
  },
});
