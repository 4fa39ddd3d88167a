import type { CaseMessage, EvaluationCase, ToolCall } from "../../../../contracts/evaluation-case.ts";
import { type MetricResult, notApplicable } from "../metric.ts";
import { isBlank } from "../text/normalize.ts";

export interface ComparedTexts {
  readonly output: string;
  readonly reference: string;
}

/** What a metric reads from a case, or the `not_applicable` result when it is not there. */
export type Reading<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly result: MetricResult };

export function present<Value>(value: Value): Reading<Value> {
  return { ok: true, value };
}

export function absent<Value>(reasonCode: string): Reading<Value> {
  return { ok: false, result: notApplicable(reasonCode) };
}

/** The output: `no_output` when the case has none, `empty_output` when it is blank and `allowBlank` is not set. */
export function readOutput(evaluationCase: EvaluationCase, allowBlank = false): Reading<string> {
  const { output } = evaluationCase;
  if (output === undefined) return absent("no_output");
  return isBlank(output) && !allowBlank ? absent("empty_output") : present(output);
}

/** The reference: `no_reference` when the case has none, `empty_reference` when it is blank and `allowBlank` is not set. */
export function readReference(evaluationCase: EvaluationCase, allowBlank = false): Reading<string> {
  const { reference } = evaluationCase;
  if (reference === undefined) return absent("no_reference");
  return isBlank(reference) && !allowBlank ? absent("empty_reference") : present(reference);
}

/** Output and reference together; the missing reference is named first. */
export function readPair(evaluationCase: EvaluationCase, allowBlank = false): Reading<ComparedTexts> {
  const reference = readReference(evaluationCase, allowBlank);
  if (!reference.ok) return reference;
  const output = readOutput(evaluationCase, allowBlank);
  if (!output.ok) return output;
  return present({ output: output.value, reference: reference.value });
}

/** The texts of the retrieved contexts that are not blank, in order; `no_contexts` when none is left. */
export function readContexts(evaluationCase: EvaluationCase): Reading<readonly string[]> {
  const texts = evaluationCase.contexts.map((context) => context.text).filter((text) => !isBlank(text));
  return texts.length === 0 ? absent("no_contexts") : present(texts);
}

/** The question: the input text, or of a conversation its last user message; `no_input` when there is none. */
export function readQuestion(evaluationCase: EvaluationCase): Reading<string> {
  const { input } = evaluationCase;
  const text =
    typeof input === "string" ? input : input.findLast((message) => message.role === "user")?.content;
  return text === undefined || isBlank(text) ? absent("no_input") : present(text);
}

/** The user and assistant turns of a conversation; an output that is not its last message yet is the last turn. */
export function readTurns(evaluationCase: EvaluationCase): Reading<readonly CaseMessage[]> {
  const { input, output, contexts } = evaluationCase;
  if (typeof input === "string") return absent("no_conversation");
  const turns = input.filter((message) => message.role === "user" || message.role === "assistant");
  const last = turns.at(-1);
  if (output === undefined || isBlank(output) || (last?.role === "assistant" && last.content === output))
    return present(turns);
  return present([
    ...turns,
    { role: "assistant", content: output, contexts: contexts.map((context) => context.text) },
  ]);
}

export interface ComparedCalls {
  readonly called: readonly ToolCall[];
  readonly expected: readonly ToolCall[];
}

/**
 * The calls made and the calls expected. Calls come from `toolCalls`, or from the assistant messages of a conversation;
 * an empty list is a fact (no call was made), a missing one is `no_tool_calls` or `no_reference_tool_calls`.
 */
export function readToolCalls(evaluationCase: EvaluationCase): Reading<ComparedCalls> {
  const { input, toolCalls, referenceToolCalls } = evaluationCase;
  if (referenceToolCalls === undefined) return absent("no_reference_tool_calls");
  if (toolCalls !== undefined) return present({ called: toolCalls, expected: referenceToolCalls });
  const answers = typeof input === "string" ? [] : input.filter((message) => message.role === "assistant");
  if (answers.length === 0) return absent("no_tool_calls");
  return present({
    called: answers.flatMap((message) => message.toolCalls ?? []),
    expected: referenceToolCalls,
  });
}
