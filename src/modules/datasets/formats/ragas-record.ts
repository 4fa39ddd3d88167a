import { type CaseDraft, emptyDraft } from "./case-draft.ts";
import {
  isObject,
  openJson,
  readContexts,
  readId,
  readList,
  readObject,
  readTags,
  readText,
  readTexts,
} from "./field-values.ts";
import { callsOf, lastAnswer, readMessages, readToolCalls } from "./messages.ts";
import { readPythonLiteral } from "./python-literal.rules.ts";
import type { FoundField, RecordFields } from "./record-fields.ts";

const names = {
  caseId: ["id", "case_id", "_id"],
  input: ["user_input", "question", "query", "prompt", "input"],
  output: ["response", "answer", "output"],
  reference: ["reference", "ground_truth", "ground_truths", "expected_output"],
  contexts: ["retrieved_contexts", "contexts", "context"],
  contextIds: ["retrieved_context_ids"],
  referenceContexts: ["reference_contexts"],
  referenceContextIds: ["reference_context_ids"],
  toolCalls: ["tool_calls"],
  referenceToolCalls: ["reference_tool_calls"],
  rubric: ["rubrics", "rubric"],
  tags: ["tags"],
  metadata: ["metadata"],
} as const;

/** A list, or text that holds one (JSON or a Python literal); undefined when it is plain text. */
function listOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value !== "string" || !value.trim().startsWith("[")) return undefined;
  const opened = openJson(value);
  if (Array.isArray(opened)) return opened;
  const literal = readPythonLiteral(value.trim());
  return literal && Array.isArray(literal.value) ? literal.value : undefined;
}

function readInput(draft: CaseDraft, found: FoundField | undefined, fields: RecordFields): void {
  if (!found) return;
  const list = listOf(found.value);
  const looksLikeMessages = Array.isArray(found.value) || (list?.length && list.every(isObject));
  if (!list || !looksLikeMessages) {
    draft.input = readText(found, fields.notes);
    return;
  }
  const { messages, extras } = readMessages(list, found.pointer, fields.notes);
  draft.input = messages;
  draft.output = lastAnswer(messages)?.content;
  draft.toolCalls = callsOf(messages);
  if (extras.length > 0) draft.metadata.messages = extras;
}

function readReference(draft: CaseDraft, found: FoundField | undefined, fields: RecordFields): void {
  const isList = found && (Array.isArray(found.value) || found.pointer === "/ground_truths");
  const list = isList ? listOf(found.value) : undefined;
  if (!found || !list) {
    draft.reference = readText(found, fields.notes);
    return;
  }
  const [first, ...others] = readTexts({ ...found, value: list }, fields.notes) ?? [];
  draft.reference = first;
  if (others.length > 0) draft.metadata.otherReferences = others;
}

/**
 * One row of Ragas (docs.ragas.io, `SingleTurnSample` and `MultiTurnSample`), under its present or its old names. A
 * conversation that ends with the assistant gives that last message as the output, and its tool calls as the case's.
 */
export function ragasRecord(fields: RecordFields): readonly CaseDraft[] {
  const { notes } = fields;
  const draft = emptyDraft();
  draft.id = readId(fields.take("caseId", names.caseId), notes);
  draft.metadata = { ...readObject(fields, fields.take("metadata", names.metadata)) };
  readInput(draft, fields.take("input", names.input), fields);
  draft.output = readText(fields.take("output", names.output), notes) ?? draft.output;
  readReference(draft, fields.take("reference", names.reference), fields);
  draft.contexts = readContexts(
    fields,
    fields.take("contexts", names.contexts),
    fields.take("contextIds", names.contextIds),
    { ranked: true },
  );
  draft.referenceContexts = readContexts(
    fields,
    fields.take("referenceContexts", names.referenceContexts),
    fields.take("referenceContextIds", names.referenceContextIds),
  );
  const calls = fields.take("toolCalls", names.toolCalls);
  if (calls) draft.toolCalls = readToolCalls(readList(calls, notes) ?? [], calls.pointer, notes);
  const expected = fields.take("referenceToolCalls", names.referenceToolCalls);
  if (expected)
    draft.referenceToolCalls = readToolCalls(readList(expected, notes) ?? [], expected.pointer, notes);
  const rubric = readObject(fields, fields.take("rubric", names.rubric));
  if (rubric)
    draft.rubric = Object.fromEntries(Object.entries(rubric).map(([score, text]) => [score, String(text)]));
  draft.tags = readTags(fields.take("tags", names.tags), notes);
  readExtras(draft, fields);
  return [draft];
}

function readExtras(draft: CaseDraft, fields: RecordFields): void {
  const alternatives = readTexts(fields.plain(["multi_responses"]), fields.notes);
  if (alternatives) draft.metadata.alternatives = alternatives;
  const topics = readTexts(fields.plain(["reference_topics"]), fields.notes);
  if (topics) draft.metadata.topics = topics;
  for (const [name, key] of [
    ["persona_name", "personaName"],
    ["query_style", "queryStyle"],
    ["query_length", "queryLength"],
    ["synthesizer_name", "synthesizerName"],
  ] as const) {
    const text = readText(fields.plain([name]), fields.notes);
    if (text === undefined || text === "") continue;
    draft.metadata[key] = text;
    draft.tags.push(`${name}:${text}`);
  }
}
