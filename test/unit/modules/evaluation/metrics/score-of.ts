import { type EvaluationCase, EvaluationCase as schema } from "../../../../../contracts/evaluation-case.ts";
import type { Metric, MetricResult } from "../../../../../src/modules/evaluation/metric.ts";

type CaseParts = Partial<
  Omit<EvaluationCase, "contexts" | "referenceContexts" | "toolCalls" | "referenceToolCalls">
> & {
  readonly contexts?: readonly (string | EvaluationCase["contexts"][number])[];
  readonly referenceContexts?: readonly (string | EvaluationCase["contexts"][number])[];
  readonly toolCalls?: readonly ToolCallParts[];
  readonly referenceToolCalls?: readonly ToolCallParts[];
};

interface ToolCallParts {
  readonly name: string;
  readonly args?: Record<string, unknown>;
  readonly kind?: "function" | "mcp";
}

/** A whole case from the parts a test is about. */
export function caseOf(parts: CaseParts): EvaluationCase {
  const texts = (list: CaseParts["contexts"]): unknown =>
    (list ?? []).map((context) => (typeof context === "string" ? { text: context } : context));
  return schema.parse({
    caseId: "case-1",
    input: "질문",
    source: { format: "test", line: 1, rawHash: "0" },
    ...parts,
    contexts: texts(parts.contexts),
    referenceContexts: texts(parts.referenceContexts),
  });
}

/** The result of a model-free metric on a case built from parts, with options read by its own schema. */
export async function resultOf<Options>(
  metric: Metric<Options>,
  parts: CaseParts,
  options: Record<string, unknown> = {},
): Promise<MetricResult> {
  return metric.score(caseOf(parts), metric.options.parse(options), {});
}

/** The score, or the reason why there is none. */
export async function scoreOf<Options>(
  metric: Metric<Options>,
  parts: CaseParts,
  options: Record<string, unknown> = {},
): Promise<number | string> {
  const result = await resultOf(metric, parts, options);
  return result.score ?? result.reasonCode;
}
