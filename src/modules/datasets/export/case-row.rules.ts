import type { EvaluationCase } from "../../../../contracts/evaluation-case.ts";
import type { CellValue } from "./csv-cell.rules.ts";

/** The columns of an exported data set: Ragas's names, so that the file is read back by the format `ragas-csv`. */
export const caseColumns = [
  "id",
  "user_input",
  "response",
  "reference",
  "retrieved_contexts",
  "retrieved_context_ids",
  "reference_contexts",
  "reference_context_ids",
  "tool_calls",
  "reference_tool_calls",
  "rubrics",
  "tags",
  "metadata",
] as const;

function listed<Item>(items: readonly Item[] | undefined): readonly Item[] | undefined {
  return items && items.length > 0 ? items : undefined;
}

function ids(contexts: EvaluationCase["contexts"]): readonly (string | null)[] | undefined {
  return contexts.some((context) => context.id !== undefined)
    ? contexts.map((context) => context.id ?? null)
    : undefined;
}

/** A conversation in the messages Ragas and OpenAI read. */
function inputCell(input: EvaluationCase["input"]): CellValue {
  if (typeof input === "string") return input;
  return input.map(({ toolCalls, ...message }) =>
    toolCalls ? { ...message, tool_calls: toolCalls } : message,
  );
}

/** A case as the cells of `caseColumns`: lists and objects as JSON, what is not there empty. */
export function caseRow(evaluationCase: EvaluationCase): readonly CellValue[] {
  const { contexts, referenceContexts, metadata } = evaluationCase;
  return [
    evaluationCase.caseId,
    inputCell(evaluationCase.input),
    evaluationCase.output,
    evaluationCase.reference,
    listed(contexts.map((context) => context.text)),
    ids(contexts),
    listed(referenceContexts.map((context) => context.text)),
    ids(referenceContexts),
    listed(evaluationCase.toolCalls),
    listed(evaluationCase.referenceToolCalls),
    evaluationCase.rubric,
    listed(evaluationCase.tags),
    Object.keys(metadata).length > 0 ? metadata : undefined,
  ];
}
